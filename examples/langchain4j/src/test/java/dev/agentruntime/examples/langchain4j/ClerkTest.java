package dev.agentruntime.examples.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.examples.support.ScriptedModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClerkTest {

    private final ScriptedModel model = ScriptedModel.start(Duration.ofMillis(20));
    private final Clerk clerk = new Clerk(Assistants.of(model.baseUrl(), "unused", "scripted"));

    @AfterEach
    void stop() {
        model.close();
    }

    @Test
    void theModelLooksIntoTheStockRoomByTheTool() {
        assertThat(clerk.invoke(new Question("What is left of the paper?", null))).isEqualTo(new Reply("It says: 40"));
        assertThat(model.heard()).hasSize(2);
        assertThat(model.heard().get(0).authorization()).contains("Bearer unused");
    }

    @Test
    void anAnswerIsStreamedTokenByToken() throws Exception {
        List<String> tokens = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> end = collect(clerk.invoke(new Question("What is left of the ink?", true)), Integer.MAX_VALUE, tokens);
        end.get(20, TimeUnit.SECONDS);
        assertThat(tokens).containsExactly("It", " says:", " 3");
    }

    @Test
    void aModelThatIsNotThereFailsTheStream() {
        model.close();
        CompletableFuture<Void> end = collect(clerk.invoke(new Question("What is left of the ink?", true)), Integer.MAX_VALUE, new CopyOnWriteArrayList<>());
        await().until(end::isCompletedExceptionally);
    }

    @Test
    void aReaderThatLeavesEndsTheStream() {
        List<String> tokens = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> end = collect(clerk.invoke(new Question("What is left of the ink?", true)), 1, tokens);
        await().until(() -> tokens.size() == 1);
        await().during(Duration.ofMillis(200)).until(() -> tokens.size() == 1 && !end.isDone());
    }

    @Test
    void aQuestionWithoutAPromptIsRefusedWithAnExample() {
        assertThatThrownBy(() -> clerk.invoke(new Question(" ", null))).hasMessageContaining("prompt is missing");
    }

    @SuppressWarnings("unchecked")
    private static CompletableFuture<Void> collect(Object publisher, int most, List<String> tokens) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        ((Flow.Publisher<String>) publisher).subscribe(new Flow.Subscriber<>() {
            private Flow.Subscription subscription;

            @Override
            public void onSubscribe(Flow.Subscription given) {
                subscription = given;
                given.request(1);
            }

            @Override
            public void onNext(String token) {
                tokens.add(token);
                if (tokens.size() == most) {
                    subscription.cancel();
                } else {
                    subscription.request(1);
                }
            }

            @Override
            public void onError(Throwable failure) {
                end.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {
                end.complete(null);
            }
        });
        return end;
    }
}

package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.agents.StallingFiles.Call;
import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.AgentRuntimeView.Status;
import dev.agentruntime.api.RequestException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class StalledFilesTest extends AgentsTestBase {

    @Test
    void aStalledDropinFolderHoldsUpNoSessionOfAReadyAgent() {
        configure(files.of(folder.resolve("dropins")), hello());
        start();
        awaitStatus("hello", Status.READY);
        files.stall(Call.EVERYTHING);
        awaitHanging(1);
        for (int second = 0; second < 30; second++) {
            tickASecond();
        }
        assertThat(begin(lease("hello"), "s").session()).hasValue("s");
        assertThat(files.hanging()).isEqualTo(1);
    }

    @Test
    void aDropinFolderThatNeverAnsweredKeepsNoConfiguredAgentFromBecomingReady() {
        configure(files.of(folder.resolve("dropins")), hello());
        files.stall(Call.EVERYTHING);
        start();
        awaitHanging(1);
        clock.advance(FileChecks.PATIENCE);
        awaitStatus("hello", Status.READY);
        assertThat(agents.started()).isTrue();
    }

    @Test
    void aDropinFolderThatAnswersAgainGivesItsAgents() throws IOException {
        configure(files.of(folder.resolve("dropins")));
        files.stall(Call.EVERYTHING);
        start();
        war("dropins/late.war", "dropped");
        awaitHanging(1);
        clock.advance(FileChecks.PATIENCE);
        agents.tick();
        files.answer();
        ticking(() -> assertThat(agents.views(any -> 0)).hasSize(1));
        awaitStatus("late", Status.READY);
    }

    @Test
    void aWarThatDoesNotAnswerAnyMoreGoesOnServingAndItsStateSaysSo() {
        start(agent("hello", files.of(folder.resolve("hello.war"))));
        awaitStatus("hello", Status.READY);
        assertThat(view("hello").statusReason()).isEmpty();
        files.stall(Call.EVERYTHING);
        awaitHanging(1);
        clock.advance(FileChecks.PATIENCE);
        ticking(() -> assertThat(view("hello").statusReason()).contains("has not answered for 5 s").contains("hello.war"));
        assertThat(view("hello").status()).isEqualTo(Status.READY);
        assertThat(begin(lease("hello"), "s").session()).hasValue("s");
        files.answer();
        ticking(() -> assertThat(view("hello").statusReason()).isEmpty());
    }

    @Test
    void anAgentWhoseWarNeverAnsweredRefusesItsSessionsWithTheReasonUntilItAnswers() {
        files.stall(Call.EVERYTHING);
        start(agent("hello", files.of(folder.resolve("hello.war"))));
        awaitHanging(1);
        CompletionStage<AgentLease> waiting = agents.lease("hello", "");
        assertThat(agents.started()).isFalse();
        clock.advance(FileChecks.PATIENCE);
        awaitStatus("hello", Status.CREATE_FAILED);
        await().until(() -> waiting.toCompletableFuture().isCompletedExceptionally());
        assertThat(refused("hello").kind()).isEqualTo(Kind.PLATFORM);
        assertThat(refused("hello")).hasMessageContaining("The file system has not answered");
        assertThat(agents.started()).isTrue();
        files.answer();
        awaitStatus("hello", Status.READY);
    }

    @Test
    void aWarThatCanBeSeenAndNotBeReadHoldsUpNoOtherAgent() throws IOException {
        Path other = war("other.war", "another");
        files.stall(Call.READ);
        start(agent("a-first", files.of(folder.resolve("hello.war"))), agent("other", other));
        await().until(() -> {
            agents.tick();
            return files.hanging() == 1;
        });
        clock.advance(FileChecks.PATIENCE);
        awaitStatus("other", Status.READY);
        assertThat(view("a-first").status()).isEqualTo(Status.CREATE_FAILED);
        files.answer();
        awaitStatus("a-first", Status.READY);
    }

    @Test
    void manyWarsOnAStalledFileSystemTakeAThreadEachAndNoMore() throws IOException {
        Path mine = war("mine.war", "mine");
        files.stall(Call.EVERYTHING);
        start(agent("a", files.of(folder.resolve("hello.war"))), agent("b", files.of(folder.resolve("hello.war"))),
                agent("c", files.of(folder.resolve("hello.war"))), agent("mine", mine));
        for (int hanging = 1; hanging <= 3; hanging++) {
            awaitHanging(hanging);
            clock.advance(FileChecks.PATIENCE);
        }
        awaitStatus("mine", Status.READY);
        for (int second = 0; second < 30; second++) {
            tickASecond();
        }
        assertThat(files.hanging()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(names = {"READ", "EVERYTHING"})
    void anAgentWhoseWarDoesNotAnswerIsServedFromAnotherLocation(Call stalled) throws IOException {
        files.stall(stalled);
        start(agent("hello", files.of(folder.resolve("hello.war"))));
        awaitHanging(1);
        clock.advance(FileChecks.PATIENCE);
        awaitStatus("hello", Status.CREATE_FAILED);
        configure(agent("hello", war("local.war", "the same on a disk")));
        awaitStatus("hello", Status.READY);
        String served = view("hello").digest().orElseThrow();
        files.answer();
        await().until(() -> files.hanging() == 0);
        for (int second = 0; second < 5; second++) {
            tickASecond();
        }
        assertThat(view("hello").digest()).hasValue(served);
        assertThat(view("hello").statusReason()).isEmpty();
        assertThat(driver.prepared()).hasSize(1);
    }

    @Test
    void anotherDropinFolderIsUsedWhileTheOldOneDoesNotAnswer() throws IOException {
        war("dropins/old.war", "old");
        configure(files.of(folder.resolve("dropins")));
        files.stall(Call.EVERYTHING);
        start();
        awaitHanging(1);
        clock.advance(FileChecks.PATIENCE);
        agents.tick();
        Files.createDirectories(folder.resolve("local"));
        war("local/fresh.war", "fresh");
        configure(folder.resolve("local"));
        ticking(() -> assertThat(agents.views(any -> 0)).extracting(AgentRuntimeView::name).containsExactly("fresh"));
        awaitStatus("fresh", Status.READY);
        files.answer();
        await().until(() -> files.hanging() == 0);
        tickASecond();
        assertThat(agents.views(any -> 0)).extracting(AgentRuntimeView::name).containsExactly("fresh");
    }

    @Test
    void anAgentThatIsRemovedWhileItsWarDoesNotAnswerIsGone() {
        start(agent("hello", files.of(folder.resolve("hello.war"))));
        awaitStatus("hello", Status.READY);
        files.stall(Call.EVERYTHING);
        awaitHanging(1);
        configure();
        assertThat(agents.views(any -> 0)).isEmpty();
        files.answer();
        ticking(() -> assertThat(driver.closedTemplates()).hasSize(1));
    }

    private void awaitHanging(int threads) {
        await().until(() -> {
            agents.tick();
            return files.hanging() == threads;
        });
    }

    private void tickASecond() {
        clock.advance(Duration.ofSeconds(1));
        agents.tick();
    }
}

package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.content.AsyncContent;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** Whether an answer's head goes out by itself or with the body. */
class HeadWithBodyTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    private final AsyncContent agent = new AsyncContent();
    private final FakeOutput caller = new FakeOutput();
    private final CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
    private final AtomicInteger alone = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();

    private void relay(HeadOfAnswer.Unsent head) {
        caller.setWriteListener(new AnswerRelay(agent, caller, "no more".getBytes(StandardCharsets.US_ASCII), new AnswerRelay.Ending() {
            @Override
            public void callerLeft(Throwable cause) {
                left.incrementAndGet();
            }

            @Override
            public void ended(Optional<Throwable> brokenOff) {
                ended.complete(brokenOff);
            }
        }, Runnable::run, head));
    }

    private void say(String text) {
        agent.write(false, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), Callback.NOOP);
    }

    @Test
    void withABodyThatIsThereItGoesTogether() {
        say("whole");
        agent.close();
        relay(alone::incrementAndGet);
        assertThat(ended).succeedsWithin(LONG).isEqualTo(Optional.empty());
        assertThat(caller.text()).isEqualTo("whole");
        assertThat(alone).hasValue(0);
    }

    @Test
    void beforeASilentBodyItGoesAloneAndOnce() {
        relay(alone::incrementAndGet);
        await().atMost(LONG).until(() -> alone.get() == 1);
        say("late");
        await().atMost(LONG).until(() -> caller.text().equals("late"));
        say("r");
        agent.close();
        assertThat(ended).succeedsWithin(LONG);
        assertThat(alone).hasValue(1);
    }

    @Test
    void withoutABodyItGoesAlone() {
        agent.close();
        relay(alone::incrementAndGet);
        assertThat(ended).succeedsWithin(LONG).isEqualTo(Optional.empty());
        assertThat(alone).hasValue(1);
    }

    @Test
    void beforeAnAnswerThatBreaksOffAtOnceItGoesAloneSoThatTheCallerSeesWhatItIs() {
        agent.fail(new IOException("cut"));
        relay(alone::incrementAndGet);
        assertThat(ended).succeedsWithin(LONG).satisfies(cause -> assertThat(cause).isPresent());
        assertThat(alone).hasValue(1);
        assertThat(caller.text()).isEqualTo("no more");
    }

    @Test
    void aCallerWhoIsGoneWhenItIsSentHasLeft() {
        relay(() -> {
            throw new IOException("broken pipe");
        });
        await().atMost(LONG).until(() -> left.get() == 1);
        agent.close();
        assertThat(ended).succeedsWithin(LONG);
    }
}

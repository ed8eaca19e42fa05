package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.content.AsyncContent;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

class AnswerRelayTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    private final AsyncContent agent = new AsyncContent();
    private final FakeOutput caller = new FakeOutput();
    private final CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
    private final AtomicInteger left = new AtomicInteger();

    @Test
    void eachPartArrivesWhenItIsThere() {
        relay(Runnable::run);
        say("one ");
        await().atMost(LONG).until(() -> caller.text().equals("one "));
        say("two");
        await().atMost(LONG).until(() -> caller.text().equals("one two"));
        assertThat(ended).isNotDone();
        agent.close();
        assertThat(ended).succeedsWithin(LONG).isEqualTo(Optional.empty());
    }

    @Test
    void anAnswerThatBreaksOffHasItsLastWords() {
        relay(Runnable::run);
        say("half");
        await().atMost(LONG).until(() -> caller.text().equals("half"));
        agent.fail(new IOException("cut"));
        assertThat(ended).succeedsWithin(LONG).satisfies(cause -> assertThat(cause).isPresent());
        assertThat(caller.text()).isEqualTo("half, and no more");
    }

    @Test
    void aCallerWhoDoesNotReadHoldsTheAgentUp() throws IOException {
        caller.fill();
        relay(Runnable::run);
        say("one");
        CompletableFuture<Boolean> taken = say("two");
        await().during(Duration.ofMillis(100)).atMost(LONG).until(() -> caller.text().isEmpty());
        assertThat(taken).isNotDone();
        caller.drain();
        await().atMost(LONG).until(() -> caller.text().equals("onetwo"));
        assertThat(taken).succeedsWithin(LONG);
    }

    @Test
    void whatComesForACallerWhoHasLeftIsDiscarded() {
        relay(Runnable::run);
        caller.leave();
        CompletableFuture<Boolean> first = say("one");
        await().atMost(LONG).until(() -> left.get() == 1);
        assertThat(first).succeedsWithin(LONG);
        assertThat(say("two")).succeedsWithin(LONG);
        agent.close();
        assertThat(ended).succeedsWithin(LONG).isEqualTo(Optional.empty());
        assertThat(left).hasValue(1);
    }

    @Test
    void aCallerWhoLeavesASilentAgentIsToldOf() {
        AnswerRelay relay = relay(Runnable::run);
        relay.onError(new IOException("left"));
        await().atMost(LONG).until(() -> left.get() == 1);
        assertThat(ended).isNotDone();
        agent.fail(new IOException("cut off"));
        assertThat(ended).succeedsWithin(LONG);
    }

    @Test
    void aCallerForWhomThereIsNoThreadCountsAsGone() {
        relay(task -> {
            throw new RejectedExecutionException("its share is used up");
        });
        await().atMost(LONG).until(() -> left.get() == 1);
        assertThat(say("one")).succeedsWithin(LONG);
        assertThat(caller.text()).isEmpty();
    }

    /** Seeded: parts of any size, a caller that stops and reads again, and turns on other threads. */
    @Test
    void whateverThePaceOfBothSidesNothingIsLostOrMixedUp() throws Exception {
        for (long seed = 0; seed < 100; seed++) {
            AnswerRelayTest one = new AnswerRelayTest();
            Random random = new Random(seed);
            one.relay(seed % 2 == 0 ? Runnable::run : task -> new Thread(task).start());
            StringBuilder said = new StringBuilder();
            for (int part = 0; part < 50; part++) {
                String text = part + "-".repeat(random.nextInt(50)) + " ";
                said.append(text);
                if (random.nextInt(5) == 0) {
                    one.caller.fill();
                }
                one.say(text);
                if (random.nextBoolean()) {
                    one.caller.drain();
                }
            }
            one.caller.drain();
            one.agent.close();
            await().atMost(LONG).pollInterval(Duration.ofMillis(2)).until(() -> {
                one.caller.drain();
                return one.ended.isDone();
            });
            assertThat(one.caller.text()).as("seed %s", seed).isEqualTo(said.toString());
        }
    }

    private AnswerRelay relay(Executor writes) {
        AnswerRelay relay = new AnswerRelay(agent, caller, ", and no more".getBytes(StandardCharsets.US_ASCII), new AnswerRelay.Ending() {
            @Override
            public void callerLeft(Throwable cause) {
                left.incrementAndGet();
            }

            @Override
            public void ended(Optional<Throwable> brokenOff) {
                ended.complete(brokenOff);
            }
        }, writes);
        caller.setWriteListener(relay);
        return relay;
    }

    /** Completes when the relay has taken it. */
    private CompletableFuture<Boolean> say(String text) {
        CompletableFuture<Boolean> taken = new CompletableFuture<>();
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        agent.write(false, ByteBuffer.wrap(bytes), Callback.from(() -> taken.complete(true), taken::completeExceptionally));
        return taken;
    }
}

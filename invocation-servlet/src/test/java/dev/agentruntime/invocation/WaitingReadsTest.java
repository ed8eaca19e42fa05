package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Subject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitingReadsTest {

    private static final Subject ALICE = new Subject("https://idp.test", "alice");
    private static final Subject BOB = new Subject("https://idp.test", "bob");

    private final WaitingReads waiting = new WaitingReads();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch arrives = new CountDownLatch(1);
    private final AtomicInteger read = new AtomicInteger();

    @AfterEach
    void end() {
        arrives.countDown();
        threads.shutdownNow();
    }

    /** A body of one byte that arrives when it is let. */
    private final class Slow extends BlockingBody {

        @Override
        int next(byte[] buffer, int offset, int length) throws IOException {
            read.incrementAndGet();
            try {
                return arrives.await(1, TimeUnit.MINUTES) ? -1 : 1;
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private static final class Failing extends BlockingBody {

        private final IOException failure;

        Failing(IOException failure) {
            this.failure = failure;
        }

        @Override
        int next(byte[] buffer, int offset, int length) throws IOException {
            throw failure;
        }
    }

    private List<CompletableFuture<Void>> waitForAsManyAsMay() {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < WaitingReads.MOST_OF_ONE; i++) {
            InputStream body = waiting.counted(ALICE, new Slow());
            all.add(CompletableFuture.runAsync(() -> {
                try {
                    body.readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }, threads));
        }
        await().until(() -> read.get() == WaitingReads.MOST_OF_ONE);
        return all;
    }

    @Test
    void oneCallersSlowBodiesHoldSoManyThreadsAndNoMore() {
        waitForAsManyAsMay();
        assertThatThrownBy(() -> waiting.counted(ALICE, new Slow()).read()).isInstanceOfSatisfying(BodyRefusedException.class, e -> {
            assertThat(e.refusal().status()).isEqualTo(429);
            assertThat(Refusal.of(e).retryAfter()).isPresent();
            assertThat(e.refusal().message()).startsWith("32 requests of this caller wait for their bodies");
        });
        assertThat(read).as("the last is not waited for").hasValue(WaitingReads.MOST_OF_ONE);
    }

    @Test
    void anotherCallerIsReadMeanwhile() throws Exception {
        waitForAsManyAsMay();
        FakeCaller caller = new FakeCaller();
        caller.body("hello".getBytes());
        Operation.Call call = new Operation.Call(caller.request(), caller.response(), Map.of(), new Caller(BOB, false), waiting);
        assertThat(call.body().readAllBytes()).asString().isEqualTo("hello");
    }

    /** Whatever reads it, so that no operation takes a part for the whole, nor blames the server. */
    @Test
    void aBodyThatBreaksOffOrStopsComingIsItsCallersFault() {
        assertThatThrownBy(() -> waiting.counted(ALICE, new Failing(new IOException("bad chunk"))).readAllBytes())
                .isInstanceOfSatisfying(BodyRefusedException.class, e -> assertThat(e.refusal().status()).isEqualTo(400));
        assertThatThrownBy(() -> waiting.counted(ALICE, new Failing(new SocketTimeoutException("60 s"))).readAllBytes())
                .isInstanceOfSatisfying(BodyRefusedException.class, e -> assertThat(e.refusal().status()).isEqualTo(408));
    }

    @Test
    void aBodyThatHasComeOrBrokenOffMakesRoom() throws Exception {
        List<CompletableFuture<Void>> all = waitForAsManyAsMay();
        arrives.countDown();
        all.forEach(CompletableFuture::join);
        for (int i = 0; i <= WaitingReads.MOST_OF_ONE; i++) {
            assertThatThrownBy(() -> waiting.counted(ALICE, new Failing(new IOException("the caller left"))).read()).isInstanceOf(BodyRefusedException.class).hasRootCauseMessage("the caller left");
        }
        assertThat(waiting.counted(ALICE, new Slow()).readAllBytes()).isEmpty();
    }
}

package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.Subject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.io.Content;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UploadTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final AgentClient client = new AgentClient();
    private final StalledUploads stalled = new StalledUploads(4, 3);
    private final StalledUploads.OfSubject ofAlice = stalled.of(new Subject("https://idp.test", "alice"));
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
        client.close();
    }

    @Test
    void aBodyArrivesWhole() {
        FakeInput in = new FakeInput();
        byte[] body = random(1_000_000, new Random(1));
        in.feed(body);
        in.end();
        assertThat(taken(upload(in, body.length))).succeedsWithin(LONG).isEqualTo(body);
    }

    @Test
    void theLastBufferOfABodyOfKnownLengthSaysSo() {
        FakeInput in = new FakeInput();
        in.feed(new byte[] {'{', '}'});
        Upload upload = upload(in, 2);
        Content.Chunk chunk = await().atMost(LONG).until(upload::read, c -> c != null);
        assertThat(chunk.isLast()).isTrue();
        assertThat(upload.taken()).isTrue();
        chunk.release();
    }

    @Test
    void anAgentThatDoesNotReadHoldsNoThread() {
        List<FakeInput> inputs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            FakeInput in = new FakeInput();
            inputs.add(in);
            in.feed(new byte[1_000_000]);
            upload(in, -1).read();
        }
        await().atMost(LONG).until(() -> stalled.count() == 3);
        await().atMost(LONG).untilAsserted(() -> assertThat(inputs).allMatch(in -> in.threadsHeld.get() == 0));
    }

    /** Seeded; both sides pause at random, and what arrives may overtake the note that it is waited for. */
    @Test
    void whateverThePaceOfBothSidesNothingIsLost() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            FakeInput in = new FakeInput();
            byte[] body = random(random.nextInt(300_000), random);
            CompletableFuture<byte[]> taken = takenAtAnyPace(upload(in, random.nextBoolean() ? body.length : -1), new Random(seed + 1));
            threads.execute(() -> feedAtAnyPace(in, body, random));
            assertThat(taken).as("seed %s", seed).succeedsWithin(LONG).isEqualTo(body);
            assertThat(stalled.count()).as("seed %s", seed).isZero();
        }
    }

    @Test
    void tooManyThatWaitAreRefusedAtOnce() {
        for (int i = 0; i < 3; i++) {
            FakeInput in = new FakeInput();
            in.feed(new byte[100_000]);
            upload(in, -1).read();
        }
        await().atMost(LONG).until(() -> stalled.count() == 3);
        CompletableFuture<Throwable> broken = new CompletableFuture<>();
        FakeInput in = new FakeInput();
        in.feed(new byte[100_000]);
        new Upload(in, -1, BodyCheck.NONE, client, ofAlice, broken::complete).read();
        assertThat(broken).succeedsWithin(LONG).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(RequestException.Kind.THROTTLED));
        assertThat(stalled.count()).isEqualTo(3);
    }

    @Test
    void anUploadThatIsGivenUpWhileItWaitsMakesRoom() {
        FakeInput in = new FakeInput();
        in.feed(new byte[100_000]);
        Upload upload = upload(in, -1);
        upload.read();
        await().atMost(LONG).until(() -> stalled.count() == 1);
        CompletableFuture<Boolean> read = new CompletableFuture<>();
        upload.discardRest(() -> read.complete(true));
        assertThat(stalled.count()).isZero();
        in.end();
        assertThat(read).succeedsWithin(LONG);
        assertThat(Content.Chunk.isFailure(upload.read())).isTrue();
        assertThat(upload.taken()).isFalse();
        assertThat(upload.failure()).isEmpty();
    }

    @Test
    void nothingTouchesTheContainersStreamWhenTheRestIsReadOrGivenUp() {
        for (int i = 0; i < 200; i++) {
            TouchyInput in = new TouchyInput();
            in.feed(new byte[200_000]);
            Upload upload = upload(in, -1);
            CompletableFuture<byte[]> taken = taken(upload);
            CompletableFuture<Boolean> read = new CompletableFuture<>();
            upload.discardRest(() -> {
                in.closed = true;
                read.complete(true);
            });
            if (i % 2 == 0) {
                in.end();
            } else {
                upload.giveUpRest();
            }
            assertThat(read).as("round %s", i).succeedsWithin(LONG);
            in.feed(new byte[1]);
            await().atMost(LONG).until(taken::isDone);
            assertThat(in.touched).as("round %s", i).isEmpty();
        }
    }

    @Test
    void theRestOfABodyThatNobodyWantsIsRead() {
        FakeInput in = new FakeInput();
        byte[] body = new byte[5_000_000];
        in.feed(body);
        Upload upload = upload(in, body.length);
        upload.read();
        await().atMost(LONG).until(() -> stalled.count() == 1);
        CompletableFuture<Boolean> read = new CompletableFuture<>();
        upload.discardRest(() -> read.complete(true));
        in.end();
        assertThat(read).succeedsWithin(LONG);
        assertThat(in.isFinished()).isTrue();
        assertThat(upload.isBeingRead()).isFalse();
    }

    @Test
    void aBodyThatNobodyAskedForIsLeftToTheContainer() {
        FakeInput in = new FakeInput();
        CompletableFuture<Boolean> read = new CompletableFuture<>();
        upload(in, 10).discardRest(() -> read.complete(true));
        assertThat(read).isCompleted();
    }

    @Test
    void aBodyThatBreaksOffIsTold() {
        CompletableFuture<Throwable> broken = new CompletableFuture<>();
        FakeInput in = new FakeInput();
        in.feed(new byte[10]);
        Upload upload = new Upload(in, 20, BodyCheck.NONE, client, ofAlice, broken::complete);
        CompletableFuture<byte[]> taken = taken(upload);
        in.fail(new IOException("bad chunk"));
        assertThat(broken).succeedsWithin(LONG).isInstanceOf(IOException.class);
        assertThat(taken).failsWithin(LONG);
        assertThat(upload.failure()).isPresent();
        assertThat(upload.taken()).isFalse();
    }

    @Test
    void aBodyBeyondTheLimitIsRefused() {
        FakeInput in = new FakeInput();
        CompletableFuture<Throwable> broken = new CompletableFuture<>();
        Upload upload = new Upload(in, -1, BodyCheck.NONE, client, ofAlice, broken::complete);
        byte[] part = new byte[10_000_000];
        for (int i = 0; i < 11; i++) {
            in.feed(part);
        }
        in.end();
        discard(upload);
        assertThat(broken).succeedsWithin(LONG).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(RequestException.Kind.VALIDATION));
    }

    @Test
    void onOtherContainersTheStreamIsItsOwnLock() {
        assertThat(ContainerLock.of(new FakeInput()).lock()).isNotInstanceOf(FakeInput.class);
        jakarta.servlet.ServletInputStream other = new jakarta.servlet.ServletInputStream() {
            @Override
            public boolean isFinished() {
                return true;
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setReadListener(jakarta.servlet.ReadListener listener) {}

            @Override
            public int read() {
                return -1;
            }
        };
        assertThat(ContainerLock.of(other).lock()).isSameAs(other);
        assertThatThrownBy(() -> ContainerLock.of(other).run(() -> {
            throw new IllegalStateException("read");
        })).isInstanceOf(IllegalStateException.class);
    }

    /** Notes who touches it after it was closed. */
    private static final class TouchyInput extends FakeInput {
        private volatile boolean closed;
        private volatile Optional<Throwable> touched = Optional.empty();

        private void touch() {
            if (closed && !Thread.currentThread().getStackTrace()[3].getClassName().equals(FakeInput.class.getName())) {
                touched = Optional.of(new IllegalStateException("touched"));
            }
        }

        @Override
        public boolean isReady() {
            touch();
            return super.isReady();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            touch();
            return super.read(target, offset, length);
        }
    }

    private Upload upload(FakeInput in, long length) {
        return new Upload(in, length, BodyCheck.NONE, client, ofAlice, cause -> { });
    }

    private static byte[] random(int length, Random random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void feedAtAnyPace(FakeInput in, byte[] body, Random random) {
        for (int at = 0; at < body.length; ) {
            int part = Math.min(1 + random.nextInt(30_000), body.length - at);
            byte[] bytes = new byte[part];
            System.arraycopy(body, at, bytes, 0, part);
            in.feed(bytes);
            at += part;
            pause(random);
        }
        in.end();
    }

    private static void pause(Random random) {
        for (int i = random.nextInt(20); i > 0; i--) {
            Thread.yield();
        }
    }

    private CompletableFuture<byte[]> takenAtAnyPace(Upload upload, Random random) {
        return collect(upload, Optional.of(random));
    }

    private CompletableFuture<byte[]> taken(Upload upload) {
        return collect(upload, Optional.empty());
    }

    private void discard(Upload upload) {
        collect(upload, Optional.empty());
    }

    /** Reads as Jetty does. With a pace, a demand is answered on another thread, as that of a write which had to wait. */
    private CompletableFuture<byte[]> collect(Upload upload, Optional<Random> pace) {
        CompletableFuture<byte[]> whole = new CompletableFuture<>();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        step(upload, pace, body, whole);
        return whole;
    }

    private void step(Upload upload, Optional<Random> pace, ByteArrayOutputStream body, CompletableFuture<byte[]> whole) {
        Content.Chunk chunk = upload.read();
        if (chunk == null) {
            upload.demand(() -> next(upload, pace, body, whole));
            return;
        }
        if (Content.Chunk.isFailure(chunk)) {
            whole.completeExceptionally(chunk.getFailure());
            return;
        }
        byte[] bytes = new byte[chunk.remaining()];
        chunk.getByteBuffer().get(bytes);
        chunk.release();
        body.writeBytes(bytes);
        if (chunk.isLast()) {
            whole.complete(body.toByteArray());
        } else {
            next(upload, pace, body, whole);
        }
    }

    private void next(Upload upload, Optional<Random> pace, ByteArrayOutputStream body, CompletableFuture<byte[]> whole) {
        if (pace.isPresent() && pace.get().nextBoolean()) {
            threads.execute(() -> {
                pause(pace.get());
                step(upload, pace, body, whole);
            });
        } else {
            step(upload, pace, body, whole);
        }
    }
}

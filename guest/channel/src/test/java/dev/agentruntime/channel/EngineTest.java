package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both ends in one thread, joined by hand. */
@Timeout(60)
class EngineTest {

    private final Wire host = Wire.host();
    private final Wire guest = Wire.guest();

    private void exchange() throws ProtocolViolation {
        byte[] out = host.sentBytes();
        byte[] back = guest.sentBytes();
        while (out.length + back.length > 0) {
            guest.engine.receive(ByteBuffer.wrap(out));
            host.engine.receive(ByteBuffer.wrap(back));
            out = host.sentBytes();
            back = guest.sentBytes();
        }
    }

    private MuxStream open() throws IOException {
        return host.engine.open("agent");
    }

    private MuxStream peer(int index) throws IOException {
        exchange();
        MuxStream stream = guest.accepted.get(index);
        stream.read(ByteBuffer.allocate("agent\n".length()));
        return stream;
    }

    private static String read(MuxStream stream) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(100);
        int count = stream.read(target);
        return count < 0 ? "end" : new String(target.array(), 0, count);
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes());
    }

    @Test
    void oneSideCanEndWhileTheOtherGoesOn() throws Exception {
        MuxStream here = open();
        MuxStream there = peer(0);
        here.write(text("question"));
        here.shutdownOutput();
        exchange();
        assertThat(read(there)).isEqualTo("question");
        assertThat(read(there)).isEqualTo("end");
        assertThatThrownBy(() -> here.write(text("more"))).hasMessage("the stream's output was shut down");
        there.write(text("answer"));
        exchange();
        assertThat(read(here)).isEqualTo("answer");
        assertThat(read(here)).isEmpty();
        there.shutdownOutput();
        exchange();
        assertThat(read(here)).isEqualTo("end");
    }

    @Test
    void closingResetsTheOtherEndAndDropsWhatItHadNotRead() throws Exception {
        MuxStream here = open();
        MuxStream there = peer(0);
        here.write(text("lost"));
        exchange();
        here.close();
        exchange();
        assertThatThrownBy(() -> read(there)).isInstanceOf(IOException.class).hasMessage("the host reset the stream");
        assertThatThrownBy(() -> there.write(text("x"))).hasMessage("the host reset the stream");
        assertThatThrownBy(() -> read(here)).hasMessage("the stream was closed on this side");
    }

    @Test
    void anAnswerThatHadEndedOutlivesTheReset() throws Exception {
        MuxStream here = open();
        MuxStream there = peer(0);
        there.write(text("refused"));
        there.shutdownOutput();
        there.close();
        exchange();
        assertThatThrownBy(() -> here.write(text("more"))).hasMessage("the guest reset the stream");
        assertThat(read(here)).isEqualTo("refused");
        assertThat(read(here)).isEqualTo("end");
    }

    @Test
    void closingAfterBothEndsHaveEndedIsNoReset() throws Exception {
        MuxStream here = open();
        MuxStream there = peer(0);
        there.shutdownOutput();
        exchange();
        here.write(text("last words"));
        here.shutdownOutput();
        here.close();
        exchange();
        assertThat(read(there)).isEqualTo("last words");
        assertThat(read(there)).isEqualTo("end");
    }

    @Test
    void streamsTakeTurns() throws Exception {
        int size = 2 * Yamux.SENT_PAYLOAD;
        MuxStream first = open();
        MuxStream second = open();
        exchange();
        first.write(ByteBuffer.allocate(size));
        second.write(ByteBuffer.allocate(size));
        ByteBuffer sent = ByteBuffer.wrap(host.sentBytes());
        List<Integer> order = new ArrayList<>();
        while (sent.hasRemaining()) {
            order.add(sent.getInt(sent.position() + 4));
            sent.position(sent.position() + Yamux.HEADER + sent.getInt(sent.position() + 8));
        }
        assertThat(order).containsExactly(1, 3, 1, 3);
    }

    @Test
    void aReaderThatStopsStopsTheWriterAndNobodyElse() throws Exception {
        MuxStream stalled = open();
        MuxStream lively = open();
        ByteBuffer much = ByteBuffer.allocate(10 * Yamux.INITIAL_WINDOW);
        while (stalled.write(much) > 0) {
            exchange();
        }
        assertThat(much.position()).isLessThanOrEqualTo(Yamux.INITIAL_WINDOW);
        lively.write(text("hello"));
        assertThat(read(peer(1))).isEqualTo("hello");
        AtomicInteger calls = new AtomicInteger();
        stalled.onWritable(calls::incrementAndGet);
        exchange();
        assertThat(calls).hasValue(0);
        guest.accepted.get(0).read(ByteBuffer.allocate(Yamux.INITIAL_WINDOW));
        exchange();
        assertThat(calls).hasValue(1);
        assertThat(stalled.write(much)).isPositive();
    }

    @Test
    void aCallbackRunsOnceAndAtOnceWhenThereIsSomethingAlready() throws Exception {
        MuxStream here = open();
        MuxStream there = peer(0);
        AtomicInteger calls = new AtomicInteger();
        there.onReadable(calls::incrementAndGet);
        assertThat(calls).hasValue(0);
        here.write(text("a"));
        exchange();
        here.write(text("b"));
        exchange();
        assertThat(calls).hasValue(1);
        there.onReadable(calls::incrementAndGet);
        assertThat(calls).hasValue(2);
        assertThat(read(there)).isEqualTo("ab");
    }

    @Test
    void theEndOfTheLinkIsToldToEveryStream() throws Exception {
        MuxStream here = open();
        AtomicInteger calls = new AtomicInteger();
        here.onReadable(calls::incrementAndGet);
        host.engine.end("gone");
        assertThat(calls).hasValue(1);
        assertThatThrownBy(() -> read(here)).isInstanceOf(IOException.class).hasMessage("gone");
        assertThat(host.engine.ping().toCompletableFuture()).isCompletedExceptionally();
        assertThat(host.sent()).isEmpty();
    }

    @Test
    void everyCallbackIsTriedThoughOneIsRefused() throws Exception {
        List<Runnable> ran = new ArrayList<>();
        AtomicInteger left = new AtomicInteger(1);
        Engine engine = new Engine(Role.HOST, Limits.HOST, ByteBuffer.allocate(0), task -> {
            if (left.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            ran.add(task);
        }, stream -> { }, () -> { });
        for (int i = 0; i < 3; i++) {
            engine.open("agent").onReadable(() -> { });
        }
        assertThatThrownBy(() -> engine.end("gone")).isInstanceOf(OutOfMemoryError.class);
        assertThat(ran).hasSize(2);
    }

    @Test
    void anythingArrivesIntactHoweverItIsCutIntoPieces() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int count = 12;
        byte[][] messages = new byte[count][];
        ByteBuffer[] sources = new ByteBuffer[count];
        ByteBuffer[] targets = new ByteBuffer[count];
        List<MuxStream> here = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages[i] = new byte[random.nextInt(2_000_000)];
            random.nextBytes(messages[i]);
            sources[i] = ByteBuffer.wrap(messages[i]);
            targets[i] = ByteBuffer.allocate(messages[i].length + 1);
            here.add(open());
            peer(i);
        }
        ByteBuffer cable = ByteBuffer.allocate(128 * 1024).flip();
        long arrived = 0;
        long expected = Arrays.stream(messages).mapToLong(message -> message.length).sum();
        while (arrived < expected) {
            int i = random.nextInt(count);
            sources[i].limit(Math.min(messages[i].length, sources[i].position() + random.nextInt(50_000)));
            here.get(i).write(sources[i]);
            if (!cable.hasRemaining()) {
                host.engine.transmit(cable);
            }
            int piece = Math.min(cable.remaining(), random.nextInt(20_000));
            guest.engine.receive(cable.slice(cable.position(), piece));
            cable.position(cable.position() + piece);
            int j = random.nextInt(count);
            targets[j].limit(Math.min(targets[j].capacity(), targets[j].position() + random.nextInt(50_000)));
            arrived += Math.max(0, guest.accepted.get(j).read(targets[j]));
            host.engine.receive(ByteBuffer.wrap(guest.sentBytes()));
        }
        for (int i = 0; i < count; i++) {
            assertThat(targets[i].flip()).as("seed %d, stream %d", seed, i).isEqualTo(ByteBuffer.wrap(messages[i]));
        }
    }
}

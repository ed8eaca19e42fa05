package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The guest's end over a port that the test feeds by hand. */
@Timeout(60)
class GuestLinkTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HandPort port = new HandPort();
    private final List<String> targets = new CopyOnWriteArrayList<>();
    private final GuestLink guest = GuestLink.serve(port, port, threads, (stream, target) -> {
        targets.add(target);
        if (target.equals("fail")) {
            throw new IllegalStateException("no");
        }
    });

    /** Says "nobody there" while the test has given it nothing, as the virtio port does without a host. */
    private static final class HandPort implements ByteChannel {
        final BlockingQueue<ByteBuffer> toGuest = new LinkedBlockingQueue<>();
        final AtomicInteger failures = new AtomicInteger();
        private final List<Byte> fromGuest = new ArrayList<>();
        private volatile boolean open = true;

        @Override
        public int read(ByteBuffer target) throws IOException {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IOException("the port is broken");
            }
            ByteBuffer next = toGuest.peek();
            if (next == null) {
                return 0;
            }
            int count = Math.min(next.remaining(), target.remaining());
            target.put(next.slice(next.position(), count));
            next.position(next.position() + count);
            if (!next.hasRemaining()) {
                toGuest.remove();
            }
            return count;
        }

        @Override
        public synchronized int write(ByteBuffer source) {
            int count = source.remaining();
            while (source.hasRemaining()) {
                fromGuest.add(source.get());
            }
            return count;
        }

        synchronized byte[] sent() {
            byte[] bytes = new byte[fromGuest.size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = fromGuest.get(i);
            }
            return bytes;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
        }
    }

    @AfterEach
    void stop() {
        guest.close();
        threads.shutdownNow();
    }

    private static ByteBuffer together(ByteBuffer... parts) {
        ByteBuffer all = ByteBuffer.allocate(1024);
        for (ByteBuffer part : parts) {
            all.put(part);
        }
        return all.flip();
    }

    /** With its end: what has not ended is lost with the epoch. */
    private static ByteBuffer opened(int id, String line) {
        return together(Wire.header(Yamux.DATA, Yamux.SYN | Yamux.FIN, id, line.length()), ByteBuffer.wrap(line.getBytes()));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** One piece with a hello and what follows it: the port ends the epoch as soon as nothing more is there. */
    private void hostSays(ByteBuffer... frames) {
        port.toGuest.add(together(Hello.encode(new byte[Hello.NONCE]), together(frames)));
    }

    @Test
    void aHostThatFallsSilentForeverIsToldThatItsEpochHasEnded() {
        hostSays();
        byte[] goAway = bytes(Wire.header(Yamux.GO_AWAY, 0, 0, Yamux.INTERNAL_ERROR));
        await().until(() -> port.sent().length >= goAway.length);
        assertThat(port.sent()).endsWith(goAway);
    }

    @Test
    void eachStreamGoesToTheHandlerWithItsTarget() {
        hostSays(opened(1, "agent\n"), opened(3, "control\n"));
        await().untilAsserted(() -> assertThat(targets).containsExactlyInAnyOrder("agent", "control"));
    }

    @Test
    void aStreamWithoutATargetReachesNobody() {
        hostSays(opened(1, "no\0target\n"), opened(3, "agent\n"));
        await().untilAsserted(() -> assertThat(targets).contains("agent"));
        assertThat(targets).containsExactly("agent");
    }

    @Test
    void aHandlerThatFailsDoesNotEndTheService() {
        hostSays(opened(1, "fail\n"));
        await().untilAsserted(() -> assertThat(targets).containsExactly("fail"));
        hostSays(opened(1, "agent\n"));
        await().untilAsserted(() -> assertThat(targets).containsExactly("fail", "agent"));
    }

    @Test
    void aPortThatFailsForAWhileIsReadAgain() {
        port.failures.set(5);
        await().until(() -> port.failures.get() == 0);
        hostSays(opened(1, "agent\n"));
        await().untilAsserted(() -> assertThat(targets).containsExactly("agent"));
    }

    @Test
    void withoutAHostNoStreamCanBeOpened() {
        assertThatThrownBy(() -> guest.open("egress")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> guest.open("not a target")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closingIsFinalAndMayBeDoneTwice() {
        guest.close();
        guest.close();
        assertThat(port.isOpen()).isFalse();
        hostSays(opened(1, "agent\n"));
        assertThatThrownBy(() -> guest.open("egress")).isInstanceOf(IOException.class);
        assertThat(targets).isEmpty();
    }
}

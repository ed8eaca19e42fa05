package dev.agentruntime.logs;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Target;
import dev.agentruntime.spi.SessionGuest;
import dev.agentruntime.spi.SessionUse;
import dev.agentruntime.spi.VmException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** A guest whose log a test writes. Each stream that is opened is a new one; the latest counts. It ends its side when the host does. */
final class FakeGuestLog implements SessionGuest {

    final List<Target> targets = new CopyOnWriteArrayList<>();
    final List<String> console = new CopyOnWriteArrayList<>();
    private final List<Stream> streams = new CopyOnWriteArrayList<>();
    private volatile boolean gone;
    volatile boolean paused;
    /** Whether it sees only later that the host has ended its side. */
    volatile boolean slow;

    @Override
    public GuestStream connect(Target target) {
        if (gone) {
            throw new VmException("The VM is gone");
        }
        targets.add(target);
        Stream stream = new Stream(() -> paused || slow);
        streams.add(stream);
        return stream;
    }

    @Override
    public boolean isPaused() {
        return paused;
    }

    @Override
    public List<String> logTail(int lines) {
        return List.copyOf(console);
    }

    void die() {
        gone = true;
        streams.forEach(Stream::reset);
    }

    int opened() {
        return streams.size();
    }

    Stream latest() {
        return streams.get(streams.size() - 1);
    }

    /** One stream, both of whose ends it is. */
    static final class Stream implements GuestStream {

        private final ByteArrayOutputStream asked = new ByteArrayOutputStream();
        private ByteBuffer waiting = ByteBuffer.allocate(0);
        private Optional<Runnable> reader = Optional.empty();
        private boolean ended;
        private boolean reset;
        private boolean closed;
        private boolean dribbles;
        private long reads;
        private final BooleanSupplier deaf;

        private Stream(BooleanSupplier deaf) {
            this.deaf = deaf;
        }

        /** The guest writes, one byte a frame. */
        void dribble(String text) {
            synchronized (this) {
                dribbles = true;
            }
            say(text);
        }

        synchronized long reads() {
            return reads;
        }

        /** The guest writes. */
        void say(String text) {
            sayBytes(text.getBytes(StandardCharsets.UTF_8));
        }

        synchronized void sayBytes(byte[] bytes) {
            waiting = ByteBuffer.allocate(waiting.remaining() + bytes.length).put(waiting).put(bytes).flip();
            tell();
        }

        synchronized void end() {
            ended = true;
            tell();
        }

        synchronized void reset() {
            reset = true;
            tell();
        }

        synchronized boolean isClosed() {
            return closed;
        }

        synchronized int unread() {
            return waiting.remaining();
        }

        synchronized String asked() {
            return asked.toString(StandardCharsets.UTF_8);
        }

        private void tell() {
            List<Runnable> told = new ArrayList<>(reader.stream().toList());
            reader = Optional.empty();
            told.forEach(Runnable::run);
        }

        @Override
        public synchronized int read(ByteBuffer target) throws IOException {
            if (closed || reset && !waiting.hasRemaining()) {
                throw new IOException("The stream was reset.");
            }
            if (!waiting.hasRemaining()) {
                return ended ? -1 : 0;
            }
            reads++;
            int count = dribbles ? 1 : Math.min(target.remaining(), waiting.remaining());
            target.put(waiting.slice(waiting.position(), count));
            waiting.position(waiting.position() + count);
            return count;
        }

        @Override
        public synchronized void onReadable(Runnable callback) {
            reader = Optional.of(callback);
            if (waiting.hasRemaining() || ended || reset) {
                tell();
            }
        }

        @Override
        public synchronized int write(ByteBuffer source) {
            int count = source.remaining();
            while (source.hasRemaining()) {
                asked.write(source.get());
            }
            return count;
        }

        @Override
        public void onWritable(Runnable callback) {
            callback.run();
        }

        @Override
        public void shutdownOutput() {
            if (!deaf.getAsBoolean()) {
                end();
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
        }
    }

    @Override
    public SessionUse lastUse() {
        return use();
    }

    @Override
    public SessionUse use() {
        throw new UnsupportedOperationException("A log has nothing to do with it.");
    }

    @Override
    public void endForBudget(String why) {
        throw new UnsupportedOperationException("A log has nothing to do with it.");
    }
}

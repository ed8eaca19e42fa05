package dev.agentruntime.spi.fake;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** One direction of a fake stream: a bounded buffer with a non-blocking end for the host, a blocking one for the agent. */
final class Pipe {

    private enum State { OPEN, ENDED, RESET }

    private static final int WINDOW = 64 * 1024;
    /** What a small message takes: a thousand sessions are not to be a matter of their fakes' buffers. */
    private static final int SMALLEST = 512;

    private ByteBuffer bytes = ByteBuffer.allocate(SMALLEST);
    private final Executor callbacks;
    private final List<Runnable> readable = new ArrayList<>();
    private final List<Runnable> writable = new ArrayList<>();
    private State state = State.OPEN;

    Pipe(Executor callbacks) {
        this.callbacks = callbacks;
    }

    synchronized int read(ByteBuffer target) throws IOException {
        checkNotReset();
        if (bytes.position() == 0) {
            return state == State.ENDED ? -1 : 0;
        }
        bytes.flip();
        int count = Math.min(bytes.remaining(), target.remaining());
        target.put(bytes.slice(bytes.position(), count));
        bytes.position(bytes.position() + count);
        bytes.compact();
        changed();
        return count;
    }

    synchronized int write(ByteBuffer source) throws IOException {
        checkNotReset();
        if (state == State.ENDED) {
            throw new IOException("This side of the stream has ended.");
        }
        makeRoom(source.remaining());
        int count = Math.min(bytes.remaining(), source.remaining());
        bytes.put(source.slice(source.position(), count));
        source.position(source.position() + count);
        changed();
        return count;
    }

    private void makeRoom(int wanted) {
        int size = bytes.capacity();
        while (size < WINDOW && size - bytes.position() < wanted) {
            size *= 2;
        }
        if (size > bytes.capacity()) {
            bytes = ByteBuffer.allocate(size).put(bytes.flip());
        }
    }

    synchronized void onReadable(Runnable callback) {
        readable.add(callback);
        changed();
    }

    synchronized void onWritable(Runnable callback) {
        writable.add(callback);
        changed();
    }

    synchronized void end() {
        state = state == State.OPEN ? State.ENDED : state;
        changed();
    }

    synchronized void reset() {
        state = State.RESET;
        changed();
    }

    /** Resets it, unless it has ended: what was written before that can still be read. */
    synchronized void close() {
        if (state == State.OPEN) {
            reset();
        }
    }

    private void changed() {
        notifyAll();
        if (bytes.position() > 0 || state != State.OPEN) {
            run(readable);
        }
        if (bytes.position() < WINDOW || state != State.OPEN) {
            run(writable);
        }
    }

    private void run(List<Runnable> waiting) {
        waiting.forEach(callbacks::execute);
        waiting.clear();
    }

    private void checkNotReset() throws IOException {
        if (state == State.RESET) {
            throw new IOException("The stream was reset.");
        }
    }

    InputStream blockingInput() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                synchronized (Pipe.this) {
                    while (true) {
                        int count = Pipe.this.read(ByteBuffer.wrap(target, from, length));
                        if (count != 0 || length == 0) {
                            return count;
                        }
                        await();
                    }
                }
            }
        };
    }

    OutputStream blockingOutput() {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] source, int from, int length) throws IOException {
                ByteBuffer rest = ByteBuffer.wrap(source, from, length);
                synchronized (Pipe.this) {
                    while (rest.hasRemaining()) {
                        if (Pipe.this.write(rest) == 0) {
                            await();
                        }
                    }
                }
            }

            @Override
            public void close() {
                end();
            }
        };
    }

    private void await() throws IOException {
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for the other side.");
        }
    }

    static EOFException early() {
        return new EOFException("The request broke off.");
    }
}

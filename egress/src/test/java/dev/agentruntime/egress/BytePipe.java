package dev.agentruntime.egress;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** One direction of a stream in memory, with a window of 64 KiB. */
final class BytePipe {

    private enum State { OPEN, ENDED, RESET }

    private final ByteBuffer bytes = ByteBuffer.allocate(64 * 1024);
    private State state = State.OPEN;
    private Optional<Runnable> readable = Optional.empty();
    private Optional<Runnable> writable = Optional.empty();

    synchronized int read(ByteBuffer target) throws IOException {
        if (state == State.RESET) {
            throw new IOException("The stream was reset.");
        }
        if (bytes.position() == 0) {
            return state == State.ENDED ? -1 : 0;
        }
        bytes.flip();
        int count = Math.min(target.remaining(), bytes.remaining());
        ByteBuffer part = bytes.slice().limit(count);
        target.put(part);
        bytes.position(count);
        bytes.compact();
        changed();
        return count;
    }

    synchronized int write(ByteBuffer source) throws IOException {
        if (state != State.OPEN) {
            throw new IOException("The stream is " + state + ".");
        }
        int count = Math.min(source.remaining(), bytes.remaining());
        bytes.put(source.slice().limit(count));
        source.position(source.position() + count);
        changed();
        return count;
    }

    synchronized void onReadable(Runnable callback) {
        readable = Optional.of(callback);
        changed();
    }

    synchronized void onWritable(Runnable callback) {
        writable = Optional.of(callback);
        changed();
    }

    synchronized void end() {
        if (state == State.OPEN) {
            state = State.ENDED;
        }
        changed();
    }

    synchronized void reset() {
        state = State.RESET;
        changed();
    }

    synchronized boolean hasEnded() {
        return state == State.ENDED;
    }

    /** Blocks; -1 at the end. */
    synchronized int take(byte[] target) throws IOException, InterruptedException {
        ByteBuffer into = ByteBuffer.wrap(target);
        int count = read(into);
        while (count == 0) {
            wait();
            count = read(into);
        }
        return count;
    }

    /** Blocks. */
    synchronized void put(byte[] source, int count) throws IOException, InterruptedException {
        ByteBuffer from = ByteBuffer.wrap(source, 0, count);
        write(from);
        while (from.hasRemaining()) {
            wait();
            if (state != State.OPEN) {
                throw new EOFException();
            }
            write(from);
        }
    }

    private void changed() {
        notifyAll();
        if (bytes.position() > 0 || state != State.OPEN) {
            Optional<Runnable> callback = readable;
            readable = Optional.empty();
            callback.ifPresent(Runnable::run);
        }
        if (bytes.hasRemaining() || state != State.OPEN) {
            Optional<Runnable> callback = writable;
            writable = Optional.empty();
            callback.ifPresent(Runnable::run);
        }
    }
}

package dev.agentruntime.invocation;

import dev.agentruntime.api.GuestStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/** A guest's stream that takes whatever it is sent, and once it was sent something yields bytes that were prepared, in their pieces. Thread-safe. */
final class CannedGuest implements GuestStream {

    /** What comes behind the bytes. */
    enum End { ENDED, RESET, SILENT }

    private final Deque<ByteBuffer> pieces;
    private final End end;
    private final Executor callbacks;
    private final StringBuilder heard = new StringBuilder();
    private UnaryOperator<ByteBuffer> made = piece -> piece;
    private Optional<Runnable> waiting = Optional.empty();
    private boolean closed;

    /** @param callbacks runs what waits for the stream, on another thread than the one that asks */
    CannedGuest(List<ByteBuffer> pieces, End end, Executor callbacks) {
        this.pieces = new ArrayDeque<>(pieces);
        this.end = end;
        this.callbacks = callbacks;
    }

    /** The same, whose pieces are made when what it was sent is known. */
    CannedGuest making(UnaryOperator<ByteBuffer> change) {
        made = change;
        return this;
    }

    /** What it was sent. */
    synchronized String heard() {
        return heard.toString();
    }

    /** Whether the host has given it up. */
    synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        if (closed) {
            throw new IOException("closed on this side");
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        if (heard.length() == 0) {
            return 0;
        }
        if (pieces.isEmpty()) {
            if (end == End.RESET) {
                throw new IOException("reset by the guest");
            }
            return end == End.ENDED ? -1 : 0;
        }
        ByteBuffer piece = made.apply(pieces.removeFirst());
        int count = Math.min(piece.remaining(), target.remaining());
        target.put(piece.slice(piece.position(), count));
        piece.position(piece.position() + count);
        if (piece.hasRemaining()) {
            pieces.addFirst(piece);
        }
        return count;
    }

    @Override
    public synchronized void onReadable(Runnable callback) {
        waiting = Optional.of(callback);
        callBack();
    }

    private void callBack() {
        if (waiting.isPresent() && (closed || heard.length() > 0 && (!pieces.isEmpty() || end != End.SILENT))) {
            callbacks.execute(waiting.get());
            waiting = Optional.empty();
        }
    }

    @Override
    public synchronized int write(ByteBuffer source) throws IOException {
        if (closed) {
            throw new IOException("closed on this side");
        }
        int count = source.remaining();
        heard.append(StandardCharsets.ISO_8859_1.decode(source));
        callBack();
        return count;
    }

    @Override
    public void onWritable(Runnable callback) {
        callbacks.execute(callback);
    }

    @Override
    public void shutdownOutput() {
        // It reads no more anyway.
    }

    @Override
    public synchronized void close() {
        closed = true;
        callBack();
    }
}

package dev.agentruntime.invocation;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Content;

/**
 * The agent's answer on its way to the caller, one chunk at a time, flushed whenever the agent has nothing more to say at
 * the moment. Neither side's silence holds a thread. When the caller has left, the rest is read and discarded.
 */
final class AnswerRelay implements WriteListener {

    /** Told how it ended. Each is called at most once, on any thread. */
    interface Ending {
        /** The caller is gone; the relay goes on discarding unless the exchange is aborted. */
        void callerLeft(Throwable cause);

        /** The agent's answer came to its end; empty when that was its proper end. */
        void ended(Optional<Throwable> brokenOff);
    }

    private final Content.Source source;
    private final ServletOutputStream out;
    private final byte[] lastWords;
    private final Ending ending;
    private final Executor writes;
    private final AtomicInteger turns = new AtomicInteger();
    private volatile Optional<Throwable> left = Optional.empty();
    private volatile boolean demanded;
    private Optional<Content.Chunk> sent = Optional.empty();
    private Optional<Throwable> brokenOff = Optional.empty();
    private boolean unflushed = true;
    private boolean last;
    private boolean over;
    private boolean toldLeft;

    /**
     * @param lastWords what the caller is sent when the agent breaks off; empty where there is no form for it
     * @param writes    where to write
     */
    AnswerRelay(Content.Source source, ServletOutputStream out, byte[] lastWords, Ending ending, Executor writes) {
        this.source = source;
        this.out = out;
        this.lastWords = lastWords;
        this.ending = ending;
        this.writes = writes;
    }

    @Override
    public void onWritePossible() {
        turn();
    }

    @Override
    public void onError(Throwable cause) {
        left = Optional.of(cause);
        turn();
    }

    /** Several threads may want a turn; one takes them all, so the state needs no lock. */
    private void turn() {
        if (turns.getAndIncrement() > 0) {
            return;
        }
        if (left.isPresent()) {
            takeTurns();
            return;
        }
        try {
            writes.execute(this::takeTurns);
        } catch (RejectedExecutionException tooSlow) {
            left = Optional.of(tooSlow);
            takeTurns();
        }
    }

    private void takeTurns() {
        do {
            go();
        } while (turns.decrementAndGet() > 0);
    }

    private void go() {
        while (!over) {
            if (left.isEmpty()) {
                try {
                    if (!out.isReady()) {
                        return;
                    }
                    releaseSent();
                    if (demanded || !step()) {
                        return;
                    }
                } catch (IOException | IllegalStateException e) {
                    left = Optional.of(e);
                }
            } else if (!discard()) {
                return;
            }
        }
    }

    /** One read or flush; whether there may be more to do at once. */
    private boolean step() throws IOException {
        Content.Chunk chunk = next();
        if (chunk == null) {
            if (unflushed) {
                unflushed = false;
                out.flush();
                return true;
            }
            demand();
            return false;
        }
        if (Content.Chunk.isFailure(chunk)) {
            brokenOff = Optional.of(chunk.getFailure());
            last = true;
            unflushed = true;
            out.write(lastWords);
            return true;
        }
        if (chunk.hasRemaining()) {
            sent = Optional.of(chunk);
            last = chunk.isLast();
            unflushed = true;
            out.write(chunk.getByteBuffer().array(),
                    chunk.getByteBuffer().arrayOffset() + chunk.getByteBuffer().position(), chunk.remaining());
            return true;
        }
        chunk.release();
        last = chunk.isLast();
        if (last && unflushed) {
            unflushed = false;
            out.flush();
            return true;
        }
        if (last) {
            finish();
        }
        return !last;
    }

    private boolean discard() {
        releaseSent();
        if (!toldLeft) {
            toldLeft = true;
            left.ifPresent(ending::callerLeft);
        }
        if (demanded) {
            return false;
        }
        Content.Chunk chunk = next();
        if (chunk == null) {
            demand();
            return false;
        }
        if (Content.Chunk.isFailure(chunk)) {
            brokenOff = Optional.of(chunk.getFailure());
            finish();
            return false;
        }
        chunk.release();
        if (chunk.isLast()) {
            finish();
        }
        return true;
    }

    /** Null when there is nothing yet. */
    private Content.Chunk next() {
        return last ? Content.Chunk.EOF : source.read();
    }

    private void releaseSent() {
        sent.ifPresent(Content.Chunk::release);
        sent = Optional.empty();
    }

    private void demand() {
        demanded = true;
        source.demand(() -> {
            demanded = false;
            turn();
        });
    }

    private void finish() {
        over = true;
        ending.ended(brokenOff);
    }
}

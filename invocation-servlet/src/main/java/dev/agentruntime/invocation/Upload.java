package dev.agentruntime.invocation;

import dev.agentruntime.api.BodyCheck;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.io.Content;

/**
 * The caller's body on its way to the agent, one buffer at a time: the next is read when the agent's stream has taken the
 * one before. Neither a slow caller nor an agent that does not read holds a thread.
 *
 * <p>The container calls when something has arrived, and its thread reads until there is no more, or until the agent does not
 * take it. In the latter case nothing is asked of the container any more until the agent has; then a thread of the client's
 * reads on, under the lock described in {@link ContainerLock}.
 *
 * <p>What the agent does not want is read and discarded all the same before the exchange may end: the container would take
 * it for the caller's next request. When it has ended, nothing touches the container's stream any more: it may belong to
 * another request by then.
 */
final class Upload implements Request.Content, ReadListener {

    private enum State {
        /** Nobody has asked for the body. */
        NEW,
        /** The container calls when something has arrived, or a thread is reading. */
        OPEN,
        /** A buffer is there that the agent does not take; nobody reads. */
        STALLED,
        /** As OPEN, but nobody wants what is read. */
        DISCARDING,
        /** Nothing more is read. */
        OVER
    }

    private final ServletInputStream in;
    private final BodyBuffers body;
    private final Executor executor;
    private final StalledUploads.OfSubject stalled;
    private final Consumer<Throwable> broken;
    /** Held by whoever reads. */
    private final Object reading = new Object();
    private State state = State.NEW;
    private Optional<Content.Chunk> next = Optional.empty();
    private Optional<Runnable> demand = Optional.empty();
    private Optional<Throwable> failure = Optional.empty();
    private Optional<Throwable> givenUp = Optional.empty();
    private Optional<Runnable> whenRead = Optional.empty();
    private boolean taken;
    private Duration lacked = Duration.ZERO;
    private long arrivedNanos;

    /**
     * @param length the body's length, or -1 when it is not known beforehand, as servlets and Jetty both have it
     * @param check  what the body has to pass
     * @param broken told when the body cannot be read to its end, which Jetty may not ask about for long
     */
    Upload(ServletInputStream in, long length, BodyCheck check, AgentClient client, StalledUploads.OfSubject stalled, Consumer<Throwable> broken) {
        this.in = in;
        body = new BodyBuffers(in, length, check, client.buffers());
        executor = client.executor();
        this.stalled = stalled;
        this.broken = broken;
    }

    /** Why the body could not be read to its end; empty while all is well. */
    synchronized Optional<Throwable> failure() {
        return failure;
    }

    /** For how long the agent had waited for the caller when it was given no more; zero when it had not. */
    synchronized Duration lacked() {
        return lacked;
    }

    /** Whether a buffer waits for the agent. */
    synchronized boolean isStalled() {
        return state == State.STALLED;
    }

    /** Whether some of the body may still come. */
    synchronized boolean hasRest() {
        return state != State.NEW && state != State.OVER;
    }

    /** Whether Jetty has been given the body to its end, so that what it has not sent yet it will send by itself. */
    synchronized boolean taken() {
        return taken;
    }

    @Override
    public Content.Chunk read() {
        synchronized (this) {
            if (state == State.NEW) {
                state = State.OPEN;
                arrivedNanos = System.nanoTime();
                in.setReadListener(this);
            }
            if (next.isEmpty()) {
                return isWanted() ? null : end();
            }
            Content.Chunk chunk = next.get();
            next = Optional.empty();
            taken = chunk.isLast();
            if (state == State.STALLED) {
                resume(State.OPEN);
            }
            return chunk;
        }
    }

    private void resume(State as) {
        state = as;
        stalled.end();
        executor.execute(() -> ContainerLock.of(in).run(this::readOn));
    }

    private boolean isWanted() {
        return state == State.NEW || state == State.OPEN || state == State.STALLED;
    }

    private Content.Chunk end() {
        Optional<Content.Chunk> broken = failure.or(() -> givenUp).map(cause -> Content.Chunk.from(cause, true));
        taken = taken || broken.isEmpty();
        return broken.orElse(Content.Chunk.EOF);
    }

    @Override
    public void demand(Runnable callback) {
        synchronized (this) {
            if (next.isEmpty() && isWanted()) {
                demand = Optional.of(callback);
                return;
            }
        }
        executor.execute(callback);
    }

    @Override
    public void onDataAvailable() {
        readOn();
    }

    /** Reads what has arrived, for as long as the agent takes it. */
    private void readOn() {
        synchronized (reading) {
            try {
                while (isRead() && !in.isFinished() && in.isReady()) {
                    Optional<Content.Chunk> chunk = body.readReady();
                    if (chunk.isPresent()) {
                        offer(chunk.get());
                        answerDemand();
                        stallUnlessTaken();
                    }
                }
                if (isRead() && in.isFinished()) {
                    over(body.end());
                }
            } catch (IOException | RuntimeException e) {
                over(Optional.of(e));
            }
        }
    }

    private synchronized boolean isRead() {
        return state == State.OPEN || state == State.DISCARDING;
    }

    private synchronized void offer(Content.Chunk chunk) {
        if (state == State.OPEN) {
            arrivedNanos = System.nanoTime();
            next = Optional.of(chunk);
        } else {
            chunk.release();
        }
    }

    private synchronized void stallUnlessTaken() {
        // Behind the last buffer there is nothing left to read but the end.
        if (state == State.OPEN && next.isPresent() && !next.get().isLast()) {
            stalled.begin();
            state = State.STALLED;
        }
    }

    @Override
    public void onAllDataRead() {
        synchronized (reading) {
            over(body.end());
        }
    }

    @Override
    public void onError(Throwable error) {
        over(Optional.of(error));
    }

    private void over(Optional<Throwable> cause) {
        boolean news;
        Optional<Runnable> waiting;
        synchronized (this) {
            news = isWanted();
            if (state != State.OVER) {
                failure = cause;
                noteLack();
            }
            if (state == State.STALLED) {
                stalled.end();
            }
            state = State.OVER;
            waiting = whenRead;
            whenRead = Optional.empty();
        }
        answerDemand();
        if (news) {
            cause.ifPresent(broken);
        }
        waiting.ifPresent(Runnable::run);
    }

    private void noteLack() {
        if (state == State.OPEN && next.isEmpty() && !taken) {
            lacked = Duration.ofNanos(System.nanoTime() - arrivedNanos);
        }
    }

    /** Gives the agent no more, which must not take what it got for the whole. */
    @Override
    public void fail(Throwable cause) {
        synchronized (this) {
            if (isWanted() || next.isPresent()) {
                givenUp = Optional.of(cause);
            }
            noteLack();
            next.ifPresent(Content.Chunk::release);
            next = Optional.empty();
            switch (state) {
                case NEW -> state = State.OVER;
                case OPEN -> state = State.DISCARDING;
                case STALLED -> resume(State.DISCARDING);
                default -> { }
            }
        }
        answerDemand();
    }

    /** Runs {@code then} once, when the rest of the body is read, or cannot be, or has not come in time. */
    void discardRest(Runnable then) {
        fail(new IOException("the exchange is over"));
        synchronized (this) {
            if (state != State.OVER) {
                whenRead = Optional.of(then);
                return;
            }
        }
        then.run();
    }

    /** Whether there is a rest of the body that {@link #discardRest} waits for. */
    synchronized boolean isBeingRead() {
        return whenRead.isPresent();
    }

    /** Waits no longer for it; nobody reads when this returns. */
    void giveUpRest() {
        synchronized (reading) {
            over(Optional.of(new SocketTimeoutException("the rest of the request did not come")));
        }
    }

    private void answerDemand() {
        Optional<Runnable> waiting;
        synchronized (this) {
            waiting = demand;
            demand = Optional.empty();
        }
        waiting.ifPresent(Runnable::run);
    }

    @Override
    public long getLength() {
        return body.length();
    }

    @Override
    public String getContentType() {
        // The caller's header is copied as it is, or not sent where there was none.
        return null;
    }
}

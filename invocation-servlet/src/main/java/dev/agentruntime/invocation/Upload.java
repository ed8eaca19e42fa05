package dev.agentruntime.invocation;

import dev.agentruntime.api.RequestException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;

/**
 * The caller's body on its way to the agent, one buffer at a time: the next is read when the agent's stream has taken the
 * one before.
 *
 * <p>Liberty's input stream loses its wake-up when {@code isReady} is asked outside its callback. So the callback does all
 * the reading and stays until everything that has arrived is taken: a slow caller holds no thread, an agent that does not
 * read its request holds one of Liberty's for as long.
 */
final class Upload implements Request.Content, ReadListener {

    /** AgentCore's limit for a request's body. */
    static final long MAX_BYTES = 100_000_000;
    private static final int BUFFER_BYTES = 16 * 1024;

    private enum State { NEW, OPEN, OVER }

    private final ServletInputStream in;
    private final long length;
    private final ByteBufferPool buffers;
    private final Executor executor;
    private State state = State.NEW;
    private Optional<Content.Chunk> next = Optional.empty();
    private Optional<Runnable> demand = Optional.empty();
    private Optional<Throwable> failure = Optional.empty();
    private Optional<Throwable> givenUp = Optional.empty();
    private boolean taken;
    private long total;

    /** @param length the body's length, or -1 when it is not known beforehand, as servlets and Jetty both have it */
    Upload(ServletInputStream in, long length, ByteBufferPool buffers, Executor executor) {
        this.in = in;
        this.length = length;
        this.buffers = buffers;
        this.executor = executor;
    }

    static RequestException tooLarge() {
        return new RequestException(RequestException.Kind.VALIDATION,
                "The request's body is larger than " + MAX_BYTES + " bytes; send less, or a reference to the data");
    }

    /** Why the body could not be read to its end; empty while all is well. */
    synchronized Optional<Throwable> failure() {
        return failure;
    }

    @Override
    public synchronized Content.Chunk read() {
        if (state == State.NEW) {
            state = State.OPEN;
            in.setReadListener(this);
        }
        if (next.isPresent()) {
            Content.Chunk chunk = next.get();
            next = Optional.empty();
            taken = chunk.isLast();
            notifyAll();
            return chunk;
        }
        if (state == State.OVER) {
            Optional<Content.Chunk> broken = failure.or(() -> givenUp).map(cause -> Content.Chunk.from(cause, true));
            taken = taken || broken.isEmpty();
            return broken.orElse(Content.Chunk.EOF);
        }
        return null;
    }

    /** Whether Jetty has been given the body to its end, so that what it has not sent yet it will send by itself. */
    synchronized boolean taken() {
        return taken;
    }

    @Override
    public synchronized void demand(Runnable callback) {
        if (next.isPresent() || state == State.OVER) {
            executor.execute(callback);
        } else {
            demand = Optional.of(callback);
        }
    }

    @Override
    public void onDataAvailable() {
        try {
            while (!in.isFinished() && in.isReady()) {
                Optional<Content.Chunk> chunk = readReady();
                if (chunk.isPresent() && offer(chunk.get())) {
                    answerDemand();
                    awaitTaken();
                }
            }
        } catch (IOException | RequestException e) {
            end(Optional.of(e));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            end(Optional.of(stopping));
        }
    }

    private Optional<Content.Chunk> readReady() throws IOException {
        RetainableByteBuffer buffer = buffers.acquire(BUFFER_BYTES, false);
        try {
            byte[] array = buffer.getByteBuffer().array();
            int read = in.read(array, buffer.getByteBuffer().arrayOffset(), BUFFER_BYTES);
            if (read > 0) {
                total += read;
                if (total > MAX_BYTES) {
                    throw tooLarge();
                }
                buffer.getByteBuffer().position(0).limit(read);
                buffer.retain();
                return Optional.of(Content.Chunk.asChunk(buffer.getByteBuffer(), total == length, buffer));
            }
            return Optional.empty();
        } finally {
            buffer.release();
        }
    }

    /** Whether the chunk is wanted; one that is not is discarded, so that the caller can send to the end. */
    private synchronized boolean offer(Content.Chunk chunk) {
        if (state == State.OVER) {
            chunk.release();
            return false;
        }
        next = Optional.of(chunk);
        return true;
    }

    private synchronized void awaitTaken() throws InterruptedException {
        while (next.isPresent()) {
            wait();
        }
    }

    @Override
    public void onAllDataRead() {
        end(Optional.empty());
    }

    @Override
    public void onError(Throwable error) {
        end(Optional.of(error));
    }

    private void end(Optional<Throwable> cause) {
        synchronized (this) {
            if (state != State.OVER) {
                failure = cause;
                state = State.OVER;
            }
        }
        answerDemand();
    }

    private void answerDemand() {
        Optional<Runnable> waiting;
        synchronized (this) {
            waiting = demand;
            demand = Optional.empty();
        }
        waiting.ifPresent(Runnable::run);
    }

    /** Reads no more for the agent, which must not take what it got for the whole. */
    @Override
    public void fail(Throwable cause) {
        synchronized (this) {
            if (state != State.OVER || next.isPresent()) {
                givenUp = Optional.of(cause);
            }
            state = State.OVER;
            next.ifPresent(Content.Chunk::release);
            next = Optional.empty();
            notifyAll();
        }
        answerDemand();
    }

    @Override
    public long getLength() {
        return length;
    }

    @Override
    public String getContentType() {
        // The caller's header is copied as it is, or not sent where there was none.
        return null;
    }
}

package dev.agentruntime.invocation;

import dev.agentruntime.runtime.RequestException;
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
 * The caller's body on its way to the agent. Reads from the caller only what the agent's stream has asked for, one buffer
 * at a time.
 */
final class Upload implements Request.Content, ReadListener {

    /** AgentCore's limit for a request's body. */
    static final long MAX_BYTES = 100_000_000;
    private static final int BUFFER_BYTES = 16 * 1024;

    private final ServletInputStream in;
    private final long length;
    private final ByteBufferPool buffers;
    private final Executor executor;
    private Optional<Throwable> failure = Optional.empty();
    private Optional<Runnable> demand = Optional.empty();
    private long total;
    private boolean finished;

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
        if (failure.isPresent()) {
            return Content.Chunk.from(failure.get(), true);
        }
        if (finished || in.isFinished()) {
            finished = true;
            return Content.Chunk.EOF;
        }
        if (!in.isReady()) {
            return null;
        }
        return readReady();
    }

    private Content.Chunk readReady() {
        RetainableByteBuffer buffer = buffers.acquire(BUFFER_BYTES, false);
        try {
            byte[] array = buffer.getByteBuffer().array();
            int offset = buffer.getByteBuffer().arrayOffset();
            int read = in.read(array, offset, BUFFER_BYTES);
            if (read < 0) {
                buffer.release();
                finished = true;
                return Content.Chunk.EOF;
            }
            total += read;
            if (total > MAX_BYTES) {
                throw tooLarge();
            }
            buffer.getByteBuffer().position(0).limit(read);
            return Content.Chunk.asChunk(buffer.getByteBuffer(), false, buffer);
        } catch (IOException | RuntimeException e) {
            buffer.release();
            failure = Optional.of(e);
            return Content.Chunk.from(e, true);
        }
    }

    @Override
    public void demand(Runnable callback) {
        synchronized (this) {
            if (failure.isEmpty() && !finished && !in.isFinished() && !in.isReady()) {
                demand = Optional.of(callback);
                return;
            }
        }
        executor.execute(callback);
    }

    @Override
    public void onDataAvailable() {
        answerDemand();
    }

    @Override
    public void onAllDataRead() {
        answerDemand();
    }

    @Override
    public void onError(Throwable error) {
        synchronized (this) {
            failure = failure.or(() -> Optional.of(error));
        }
        answerDemand();
    }

    private void answerDemand() {
        Optional<Runnable> waiting;
        synchronized (this) {
            waiting = demand;
            demand = Optional.empty();
        }
        waiting.ifPresent(executor::execute);
    }

    @Override
    public void fail(Throwable cause) {
        // The agent's side is done with; the container discards what the caller still sends.
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

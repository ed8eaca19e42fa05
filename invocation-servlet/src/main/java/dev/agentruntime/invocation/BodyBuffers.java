package dev.agentruntime.invocation;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.RequestException;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;

/** A caller's body in buffers of Jetty's, no more of it than may be. Not thread-safe. */
final class BodyBuffers {

    /** AgentCore's limit for a request's body. */
    static final long MAX_BYTES = 100_000_000;
    private static final int BUFFER_BYTES = 16 * 1024;

    private final ServletInputStream in;
    private final long length;
    private final BodyCheck check;
    private final ByteBufferPool buffers;
    private long read;
    private long total;

    /**
     * @param length the body's length, or -1 when it is not known beforehand, as servlets and Jetty both have it
     * @param check  what the body has to pass
     */
    BodyBuffers(ServletInputStream in, long length, BodyCheck check, ByteBufferPool buffers) {
        this.in = in;
        this.length = length;
        this.check = check;
        this.buffers = buffers;
    }

    static RequestException tooLarge() {
        return new RequestException(RequestException.Kind.VALIDATION,
                "The request's body is larger than " + MAX_BYTES + " bytes; send less, or a reference to the data");
    }

    /** The body's length, or -1 when it is not known. */
    long length() {
        return length;
    }

    /**
     * What has arrived, up to a buffer full, which whoever takes it releases; empty at the end, and where what has arrived must not be
     * handed on yet. The stream must be ready.
     *
     * @throws IOException          it cannot be read
     * @throws RequestException     there is more of it than may be: of kind VALIDATION
     * @throws BodyRefusedException it is not the one that was signed
     */
    Optional<Content.Chunk> readReady() throws IOException {
        RetainableByteBuffer buffer = buffers.acquire(BUFFER_BYTES, false);
        try {
            byte[] array = buffer.getByteBuffer().array();
            int offset = buffer.getByteBuffer().arrayOffset();
            int arrived = in.read(array, offset, BUFFER_BYTES);
            if (arrived <= 0) {
                return Optional.empty();
            }
            int passed = check.take(array, offset, arrived);
            read += arrived;
            total += passed;
            // Signatures in a body make it longer; what they may add is bounded too.
            if (total > MAX_BYTES || read > 2 * MAX_BYTES) {
                throw tooLarge();
            }
            if (passed > 0 && total == length) {
                check.end(); // before anybody takes it for whole
            }
            if (passed == 0) {
                return Optional.empty();
            }
            buffer.getByteBuffer().position(0).limit(passed);
            buffer.retain();
            return Optional.of(Content.Chunk.asChunk(buffer.getByteBuffer(), total == length, buffer));
        } finally {
            buffer.release();
        }
    }

    /** Why the body must not end where it ends; empty where it may. */
    Optional<Throwable> end() {
        try {
            check.end();
            return Optional.empty();
        } catch (BodyRefusedException e) {
            return Optional.of(e);
        }
    }
}

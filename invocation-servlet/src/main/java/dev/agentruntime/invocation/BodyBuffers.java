package dev.agentruntime.invocation;

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
    private final ByteBufferPool buffers;
    private long total;

    /** @param length the body's length, or -1 when it is not known beforehand, as servlets and Jetty both have it */
    BodyBuffers(ServletInputStream in, long length, ByteBufferPool buffers) {
        this.in = in;
        this.length = length;
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
     * What has arrived, up to a buffer full, which whoever takes it releases; empty at the end. The stream must be ready.
     *
     * @throws IOException      it cannot be read
     * @throws RequestException there is more of it than may be: of kind VALIDATION
     */
    Optional<Content.Chunk> readReady() throws IOException {
        RetainableByteBuffer buffer = buffers.acquire(BUFFER_BYTES, false);
        try {
            byte[] array = buffer.getByteBuffer().array();
            int read = in.read(array, buffer.getByteBuffer().arrayOffset(), BUFFER_BYTES);
            if (read <= 0) {
                return Optional.empty();
            }
            total += read;
            if (total > MAX_BYTES) {
                throw tooLarge();
            }
            buffer.getByteBuffer().position(0).limit(read);
            buffer.retain();
            return Optional.of(Content.Chunk.asChunk(buffer.getByteBuffer(), total == length, buffer));
        } finally {
            buffer.release();
        }
    }
}

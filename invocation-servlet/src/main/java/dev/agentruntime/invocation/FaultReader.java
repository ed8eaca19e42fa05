package dev.agentruntime.invocation;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.io.Content;

/** Reads the beginning of an agent's error answer. Holds no thread while it waits. */
final class FaultReader {

    static final int MAX_BYTES = 4096;

    /** Told once, on any thread. */
    interface Done {
        /**
         * The body is there, or as much of it as counts.
         *
         * @param whole whether nothing of the answer is left to read
         */
        void read(String body, boolean whole);
    }

    private final Content.Source source;
    private final Done done;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    FaultReader(Content.Source source, Done done) {
        this.source = source;
        this.done = done;
    }

    void read() {
        while (true) {
            Content.Chunk chunk = source.read();
            if (chunk == null) {
                source.demand(this::read);
                return;
            }
            boolean broken = Content.Chunk.isFailure(chunk);
            boolean last = chunk.isLast();
            if (!broken) {
                byte[] bytes = new byte[Math.min(chunk.remaining(), MAX_BYTES - body.size())];
                chunk.getByteBuffer().get(bytes);
                last = last && !chunk.hasRemaining();
                body.writeBytes(bytes);
                chunk.release();
            }
            if (broken || last || body.size() == MAX_BYTES) {
                done.read(body.toString(StandardCharsets.UTF_8), last && !broken);
                return;
            }
        }
    }
}

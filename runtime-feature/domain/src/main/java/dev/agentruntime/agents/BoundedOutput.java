package dev.agentruntime.agents;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Takes no more of a file than the agent's guest could ever hold: its memory holds the file too. */
final class BoundedOutput extends FilterOutputStream {

    private final String source;
    private final long memoryBytes;
    private final Runnable alive;
    private long bytes;

    /**
     * @param source      what is copied, as a message names it
     * @param memoryBytes the guest's memory
     */
    BoundedOutput(OutputStream out, String source, long memoryBytes, Runnable alive) {
        super(out);
        this.source = source;
        this.memoryBytes = memoryBytes;
        this.alive = alive;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] content, int offset, int length) throws IOException {
        bytes += length;
        check(source, memoryBytes, bytes, " or more");
        out.write(content, offset, length);
        alive.run();
    }

    /** Refuses what has {@code bytes} bytes where that can never fit. */
    static void check(String source, long memoryBytes, long bytes, String more) {
        if (bytes >= memoryBytes) {
            throw new ArtifactException(source + " has " + megabytes(bytes) + " MB" + more
                    + ", and the guest's memory is " + megabytes(memoryBytes) + " MB, which holds it too. Raise the"
                    + " attribute memory (of drop-ins: dropinMemory), or make it smaller.", ArtifactException.Cure.CHANGE);
        }
    }

    private static long megabytes(long count) {
        return count >> 20;
    }
}

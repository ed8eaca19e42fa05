package dev.agentruntime.agents;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Takes no more of a WAR than the agent's guest could ever hold: its memory holds the WAR too. */
final class BoundedOutput extends FilterOutputStream {

    private final AgentConfig agent;
    private final Runnable alive;
    private long bytes;

    BoundedOutput(OutputStream out, AgentConfig agent, Runnable alive) {
        super(out);
        this.agent = agent;
        this.alive = alive;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        bytes += length;
        check(agent, bytes, " or more");
        out.write(source, offset, length);
        alive.run();
    }

    /** Refuses a WAR of {@code bytes} where that can never fit. */
    static void check(AgentConfig agent, long bytes, String more) {
        if (bytes >= agent.memoryBytes()) {
            throw new ArtifactException("The WAR " + agent.location() + " has " + megabytes(bytes) + " MB" + more
                    + ", and the guest's memory is " + megabytes(agent.memoryBytes()) + " MB, which holds the WAR too. Raise the"
                    + " attribute memory (of drop-ins: dropinMemory), or make the WAR smaller.", ArtifactException.Cure.CHANGE);
        }
    }

    private static long megabytes(long count) {
        return count >> 20;
    }
}

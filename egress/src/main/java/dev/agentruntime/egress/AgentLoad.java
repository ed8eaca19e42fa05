package dev.agentruntime.egress;

import java.time.Duration;
import java.util.function.LongSupplier;

/** What all sessions of one agent have open, and have moved this hour. Thread-safe. */
final class AgentLoad {

    private static final long HOUR = Duration.ofHours(1).toNanos();

    private final LongSupplier nanoTime;
    private int sessions;
    private int connections;
    private long hour;
    private long bytes;

    AgentLoad(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.hour = nanoTime.getAsLong();
    }

    /** A session begins; it will call {@link #left}. */
    synchronized void joined() {
        sessions++;
    }

    synchronized void left() {
        sessions--;
    }

    /** Whether a new one would say the same. */
    synchronized boolean isBlank() {
        return sessions == 0 && connections == 0 && nanoTime.getAsLong() - hour >= HOUR;
    }

    synchronized boolean open(int most) {
        if (connections >= most) {
            return false;
        }
        connections++;
        return true;
    }

    synchronized void closed() {
        connections--;
    }

    /** Returns the bytes of this hour, these included. */
    synchronized long spend(long more) {
        long now = nanoTime.getAsLong();
        if (now - hour >= HOUR) {
            hour = now;
            bytes = 0;
        }
        bytes += more;
        return bytes;
    }
}

package dev.agentruntime.sessions;

import dev.agentruntime.agents.AgentLease;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a session begins with that has the memory of another: a share of what was written down of it, which goes with the last share, and
 * a hold on the same version. Thread-safe.
 */
final class Origin {

    private final Shared shared;
    private final AgentLease lease;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Origin(Shared shared, AgentLease lease) {
        this.shared = shared;
        this.lease = lease;
    }

    /** What was written down of one session, for some others. */
    static final class Shared {

        private final Snapshot snapshot;
        private final HibernationDisk disk;
        private final AgentLease version;
        private final AtomicInteger shares = new AtomicInteger(1);

        /** @param version of the session that was written down */
        Shared(Snapshot snapshot, HibernationDisk disk, AgentLease version) {
            this.snapshot = snapshot;
            this.disk = disk;
            this.version = version;
        }

        /** A share for one more session, as long as this is not closed. */
        Origin share() {
            shares.incrementAndGet();
            return new Origin(this, version.again());
        }

        /** Called once, when all have their shares. */
        void close() {
            version.close();
            leave();
        }

        private void leave() {
            if (shares.decrementAndGet() == 0) {
                disk.drop(snapshot);
            }
        }
    }

    /** Its hold on the version, which is the session's to close. */
    AgentLease lease() {
        return lease;
    }

    /** As {@link Snapshot#fork()}. */
    Vm start() {
        return shared.snapshot.fork();
    }

    /** The session has its VM, or will have none. Idempotent. */
    void close() {
        if (closed.compareAndSet(false, true)) {
            shared.leave();
        }
    }
}

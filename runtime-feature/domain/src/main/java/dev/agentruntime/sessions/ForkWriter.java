package dev.agentruntime.sessions;

import dev.agentruntime.agents.AgentLease;
import dev.agentruntime.api.PlainText;
import dev.agentruntime.sessions.SessionState.Held;
import dev.agentruntime.spi.VmException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.logging.Logger;

/** Writes sessions down for others that begin with their memory. Blocks. */
final class ForkWriter {

    private static final Logger LOG = Logger.getLogger(ForkWriter.class.getName());

    private final HibernationDisk disk;
    private final Executor vms;

    /** @param vms where those who have asked are answered */
    ForkWriter(HibernationDisk disk, Executor vms) {
        this.disk = disk;
        this.vms = vms;
    }

    /** Writes down a session for those who have asked for that, and answers them. Its VM stands still afterwards. */
    void fork(SessionActor session) {
        List<CompletableFuture<Origin.Shared>> askers = session.takeForkers();
        for (CompletableFuture<Origin.Shared> asker : askers) {
            try {
                Origin.Shared shared = written(session);
                Handover.to(vms, () -> {
                    if (!asker.complete(shared)) {
                        shared.close();
                    }
                });
            } catch (RuntimeException | Error e) {
                SessionMessage.NOT_FORKED.log(LOG, session.key(), PlainText.of(String.valueOf(e.getMessage())));
                Fault fault = HibernationDisk.fault(session, "forked", e);
                Handover.to(vms, () -> asker.completeExceptionally(fault.exception()));
            }
        }
    }

    private Origin.Shared written(SessionActor session) {
        Held held = session.state().held().orElseThrow(() -> new VmException("The session has no VM"));
        AgentLease version = session.state().lease().orElseThrow(() -> new VmException("The session has ended")).again();
        try {
            held.vm().pause();
            return new Origin.Shared(disk.save(held.vm()), disk, version);
        } catch (RuntimeException | Error e) {
            version.close();
            throw e;
        }
    }
}

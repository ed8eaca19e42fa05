package dev.agentruntime.libvirt;

import dev.agentruntime.runtime.spi.StartMode;
import dev.agentruntime.runtime.spi.VmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The rungs on which VMs of one agent wait for their sessions, the best first. A rung that fails is reported and left out
 * for a while. Thread-safe.
 */
final class Ladder {

    private static final Duration LEFT_OUT = Duration.ofMinutes(5);

    private final String agent;
    private final List<StartMode> rungs;
    private final Map<StartMode, Long> failedAtNanos = new ConcurrentHashMap<>();

    private Ladder(String agent, StartMode... rungs) {
        this.agent = agent;
        this.rungs = List.of(rungs);
    }

    static Ladder ofClones(String agent) {
        return new Ladder(agent, StartMode.PRIMED, StartMode.LOADED, StartMode.SHELL);
    }

    static Ladder ofBoots(String agent) {
        return new Ladder(agent, StartMode.BOOT);
    }

    /**
     * The best there is.
     *
     * @throws VmException no rung works, which is not the rungs' doing: the next climb begins at the top again
     */
    <T> T climb(Function<StartMode, T> to) {
        VmException failure = null;
        for (StartMode rung : rungs) {
            if (!isOpen(rung)) {
                continue;
            }
            try {
                return to.apply(rung);
            } catch (NotTriedException e) {
                throw e;
            } catch (VmException e) {
                failedAtNanos.put(rung, System.nanoTime());
                DriverMessage.RUNG_FAILED.log(e, rung, agent, e.getMessage());
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        failedAtNanos.clear();
        throw failure == null ? new VmException("Every way of making VMs of " + agent + " ahead has just failed") : failure;
    }

    private boolean isOpen(StartMode rung) {
        Long failedAt = failedAtNanos.get(rung);
        return failedAt == null || System.nanoTime() - failedAt > LEFT_OUT.toNanos();
    }
}

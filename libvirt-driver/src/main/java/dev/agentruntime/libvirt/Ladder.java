package dev.agentruntime.libvirt;

import dev.agentruntime.api.StartMode;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.TemplateLostException;
import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The rungs on which VMs of one agent wait for their sessions, the best first. A rung that fails is reported and left out
 * for a while. Thread-safe.
 */
final class Ladder {

    /** A system property for diagnosis and benchmarks: the rungs that are tried, such as {@code loaded,shell}; all when it is not set. */
    static final String RUNGS = "agentruntime.rungs";

    private static final List<StartMode> OF_CLONES = List.of(StartMode.PRIMED, StartMode.LOADED, StartMode.SHELL);
    private static final Duration LEFT_OUT = Duration.ofMinutes(5);

    private final String agent;
    private final List<StartMode> rungs;
    private final Map<StartMode, Long> failedAtNanos = new ConcurrentHashMap<>();

    private Ladder(String agent, List<StartMode> rungs) {
        this.agent = agent;
        this.rungs = rungs;
    }

    /** @throws VmException the system property names no rung, or one that there is not */
    static Ladder ofClones(String agent) {
        String wanted = System.getProperty(RUNGS);
        return new Ladder(agent, wanted == null ? OF_CLONES : chosen(wanted));
    }

    static Ladder ofBoots(String agent) {
        return new Ladder(agent, List.of(StartMode.BOOT));
    }

    private static List<StartMode> chosen(String wanted) {
        List<String> names = Stream.of(wanted.split(",")).map(name -> name.strip().toUpperCase(Locale.ROOT)).toList();
        List<StartMode> chosen = OF_CLONES.stream().filter(rung -> names.contains(rung.name())).toList();
        if (chosen.size() < names.size()) {
            throw new VmException("The system property " + RUNGS + " is '" + wanted + "' and must list some of primed, loaded and shell");
        }
        return chosen;
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
            } catch (HypervisorAwayException | NoRoomException | TemplateLostException e) {
                throw e; // says nothing about the rung
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

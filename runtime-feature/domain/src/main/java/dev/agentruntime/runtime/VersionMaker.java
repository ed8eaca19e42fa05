package dev.agentruntime.runtime;

import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.Artifact;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.spi.VmException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;

/** Makes versions of agents ready: copies the WAR aside and has the driver prepare it. Thread-safe. */
final class VersionMaker {

    private static final Logger LOG = Logger.getLogger(VersionMaker.class.getName());

    private final Environment environment;
    private final VmDriver driver;
    private final WarStore wars;
    private final FillSlots slots;
    private final Set<AgentRuntime> working = ConcurrentHashMap.newKeySet();

    VersionMaker(Environment environment, VmDriver driver, WarStore wars, FillSlots slots) {
        this.environment = environment;
        this.driver = driver;
        this.wars = wars;
        this.slots = slots;
    }

    /** Whether a version of {@code runtime} is being made: one at a time. */
    boolean isAt(AgentRuntime runtime) {
        return working.contains(runtime);
    }

    /** The work of making a version; blocks for minutes. {@code backoff} says when it is tried again where the platform fails it. */
    Runnable making(AgentRuntime runtime, AgentConfig config, Backoff backoff) {
        working.add(runtime);
        return () -> {
            try {
                make(runtime, config, backoff);
            } finally {
                working.remove(runtime);
            }
        };
    }

    void reportWar(String runtime, String reason) {
        Message.AGENT_WAR.log(LOG, runtime, reason);
        environment.listeners().tell(listener -> listener.failed(runtime, PlatformFailure.AGENT_START));
    }

    private void make(AgentRuntime runtime, AgentConfig config, Backoff backoff) {
        try {
            WarStore.Stored stored = wars.take(config.name(), config.location());
            if (runtime.serves(stored.digest(), config)) {
                wars.drop(stored.war());
                runtime.unchanged();
            } else {
                prepare(runtime, config, stored, backoff);
            }
        } catch (WarException e) {
            reportWar(config.name(), e.getMessage());
            runtime.failed(new Preparation.WarFailed(e.getMessage(), List.of()));
        }
    }

    private void prepare(AgentRuntime runtime, AgentConfig config, WarStore.Stored stored, Backoff backoff) {
        AgentSpec spec = new AgentSpec(
                config.name(), new Artifact(Artifact.Kind.WAR, stored.war(), stored.digest()), config.memoryBytes(),
                config.vcpus());
        String version = AgentVersion.nameOf(spec);
        Message.AGENT_PREPARING.log(LOG, config.name(), version);
        try {
            AgentTemplate template = driver.prepare(spec, runtime::running);
            environment.listeners().tell(listener -> listener.platformUsed(PlatformWork.TEMPLATE, template.buildCpuNanos()));
            runtime.ready(new AgentVersion(spec, template, environment, slots, () -> wars.drop(stored.war())));
            Message.AGENT_READY.log(LOG, config.name(), version, template.startMode());
        } catch (AgentStartException e) {
            wars.drop(stored.war());
            Message.AGENT_FAILED.log(LOG, config.name(), version, e.getMessage(), String.join("\n", e.log()));
            environment.listeners().tell(listener -> listener.failed(config.name(), PlatformFailure.AGENT_START));
            runtime.failed(new Preparation.WarFailed("The WAR does not start: " + e.getMessage(), e.log()));
        } catch (VmException e) {
            wars.drop(stored.war());
            Message.AGENT_NOT_PREPARED.log(LOG, config.name(), version, e.getMessage());
            failedByPlatform(runtime, config, e, backoff);
        } catch (RuntimeException e) {
            wars.drop(stored.war());
            Message.UNEXPECTED.log(LOG, e, "making agent runtime " + config.name() + " ready", e.toString());
            failedByPlatform(runtime, config, e, backoff);
        }
    }

    private void failedByPlatform(AgentRuntime runtime, AgentConfig config, RuntimeException e, Backoff backoff) {
        environment.listeners().tell(listener -> listener.failed(config.name(), PlatformFailure.VM_START));
        runtime.failedByPlatform("The platform could not make it ready and tries again: " + e.getMessage(), backoff);
    }
}

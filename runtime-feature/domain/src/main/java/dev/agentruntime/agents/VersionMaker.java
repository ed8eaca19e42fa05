package dev.agentruntime.agents;

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

    private final AgentContext context;
    private final VmDriver driver;
    private final WarStore wars;
    private final Set<AgentRuntime> working = ConcurrentHashMap.newKeySet();

    VersionMaker(AgentContext context, VmDriver driver, WarStore wars) {
        this.context = context;
        this.driver = driver;
        this.wars = wars;
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
        AgentMessage.ARTIFACT.log(LOG, runtime, reason);
        context.publish(listener -> listener.failed(runtime, PlatformFailure.AGENT_START));
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
        AgentMessage.PREPARING.log(LOG, config.name(), version);
        try {
            AgentTemplate template = driver.prepare(spec, runtime::running);
            context.publish(listener -> listener.platformUsed(PlatformWork.TEMPLATE, template.buildCpuNanos()));
            runtime.ready(new AgentVersion(spec, template, context, () -> wars.drop(stored.war())));
            AgentMessage.READY.log(LOG, config.name(), version, template.startMode());
        } catch (AgentStartException e) {
            wars.drop(stored.war());
            AgentMessage.FAILED.log(LOG, config.name(), version, e.getMessage(), String.join("\n", e.log()));
            context.publish(listener -> listener.failed(config.name(), PlatformFailure.AGENT_START));
            runtime.failed(new Preparation.WarFailed("The WAR does not start: " + e.getMessage(), e.log()));
        } catch (VmException e) {
            wars.drop(stored.war());
            AgentMessage.NOT_PREPARED.log(LOG, config.name(), version, e.getMessage());
            failedByPlatform(runtime, config, e, backoff);
        } catch (RuntimeException e) {
            wars.drop(stored.war());
            AgentMessage.UNEXPECTED.log(LOG, e, "making agent runtime " + config.name() + " ready", e.toString());
            failedByPlatform(runtime, config, e, backoff);
        }
    }

    private void failedByPlatform(AgentRuntime runtime, AgentConfig config, RuntimeException e, Backoff backoff) {
        context.publish(listener -> listener.failed(config.name(), PlatformFailure.VM_START));
        runtime.failedByPlatform("The platform could not make it ready and tries again: " + e.getMessage(), backoff);
    }
}

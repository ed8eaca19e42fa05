package dev.agentruntime.agents;

import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.spi.VmException;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Has the driver prepare versions of agents. Thread-safe. */
final class VersionMaker {

    private static final Logger LOG = Logger.getLogger(VersionMaker.class.getName());

    private enum Phase { OPEN, CLOSED }

    private final AgentContext context;
    private final VmDriver driver;
    private volatile Phase phase = Phase.OPEN;

    VersionMaker(AgentContext context, VmDriver driver) {
        this.context = context;
        this.driver = driver;
    }

    /** The platform is being stopped: nothing is prepared any more, and what fails from now on is no fault. */
    void close() {
        phase = Phase.CLOSED;
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /** Reports the outcome to {@code runtime}, minutes later. Takes over one use of {@code artifact}. Does not block. */
    void make(AgentRuntime runtime, AgentSpec spec, StoredArtifact artifact) {
        try {
            context.executors().preparation().execute(() ->
                    prepared(runtime, spec, artifact).ifPresent(template -> ready(runtime, spec, artifact, template)));
        } catch (RuntimeException | Error noThread) {
            artifact.release();
            failed(runtime, spec, noThread);
        }
    }

    /** The template; empty when there is none, which the runtime has been told then. */
    private Optional<AgentTemplate> prepared(AgentRuntime runtime, AgentSpec spec, StoredArtifact artifact) {
        String digest = AgentVersion.shortDigest(spec);
        if (isClosed()) {
            artifact.release();
            stopped(runtime);
            return Optional.empty();
        }
        AgentMessage.PREPARING.log(LOG, spec.runtime(), digest);
        try {
            return Optional.of(driver.prepare(spec, runtime::step));
        } catch (RuntimeException | Error e) {
            artifact.release();
            failed(runtime, spec, e);
        }
        return Optional.empty();
    }

    private void failed(AgentRuntime runtime, AgentSpec spec, Throwable failure) {
        if (isClosed()) {
            LOG.log(Level.FINE, failure, () -> "The preparation of agent runtime " + spec.runtime() + " ended with the platform.");
            stopped(runtime);
        } else if (failure instanceof AgentStartException e) {
            AgentMessage.FAILED.log(LOG, spec.runtime(), AgentVersion.shortDigest(spec), e.getMessage(), String.join("\n", e.log()));
            context.publish(listener -> listener.failed(spec.runtime(), PlatformFailure.AGENT_START));
            runtime.failedByAgent(e.getMessage(), e.log());
        } else if (failure instanceof VmException e) {
            AgentMessage.NOT_PREPARED.log(LOG, spec.runtime(), AgentVersion.shortDigest(spec), e.getMessage());
            failedByPlatform(runtime, spec, e);
        } else {
            unexpected(runtime, spec, failure);
        }
    }

    /** Whoever waits for the agent learns of it. */
    private static void stopped(AgentRuntime runtime) {
        runtime.failedByPlatform("The server is being stopped.");
    }

    /** The version has its artifact from here on. */
    private void ready(AgentRuntime runtime, AgentSpec spec, StoredArtifact artifact, AgentTemplate template) {
        context.publish(listener -> listener.platformUsed(PlatformWork.TEMPLATE, template.buildCpuNanos()));
        runtime.ready(new AgentVersion(spec, artifact, template, context, runtime::lost));
        AgentMessage.READY.log(LOG, spec.runtime(), AgentVersion.shortDigest(spec), template.startMode());
    }

    private void unexpected(AgentRuntime runtime, AgentSpec spec, Throwable e) {
        AgentMessage.UNEXPECTED.log(LOG, e, "preparing agent runtime " + spec.runtime(), e.toString());
        failedByPlatform(runtime, spec, e);
    }

    private void failedByPlatform(AgentRuntime runtime, AgentSpec spec, Throwable e) {
        context.publish(listener -> listener.failed(spec.runtime(), PlatformFailure.VM_START));
        runtime.failedByPlatform("The platform could not prepare it and tries again: " + e.getMessage());
    }
}

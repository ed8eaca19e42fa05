package dev.agentruntime.agents;

import dev.agentruntime.agents.AgentState.Work;
import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.spi.Additions;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.TemplateLostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One agent runtime: has its artifact copied and prepared. Thread-safe; only {@link #run} blocks, and holds no lock then. */
final class AgentRuntime implements FileCheck {

    private static final Logger LOG = Logger.getLogger(AgentRuntime.class.getName());

    private final AgentContext context;
    private final ArtifactStore artifacts;
    private final VersionMaker maker;
    private final AgentState state;

    AgentRuntime(AgentContext context, ArtifactStore artifacts, VersionMaker maker, AgentConfig config) {
        this.context = context;
        this.artifacts = artifacts;
        this.maker = maker;
        this.state = new AgentState(config);
    }

    void configure(AgentConfig changed) {
        state.configure(changed);
    }

    String name() {
        return state.config().name();
    }

    /** Whether a version has become ready or failed once. */
    boolean tried() {
        return state.tried();
    }

    /** A lease of the version that serves. Waits for one that is being prepared; fails with RequestException. */
    CompletionStage<AgentLease> lease() {
        return state.lease();
    }

    /** The pool of the version that serves. */
    Optional<VmPool> pool() {
        return state.serving().map(AgentVersion::pool);
    }

    AgentRuntimeView view(int liveSessions) {
        return state.view(liveSessions);
    }

    /** Notices that the driver does not come to the end of its work. */
    void tick() {
        state.late(context.now()).ifPresent(refused -> {
            AgentMessage.LATE.log(LOG, name(), AgentState.LONGEST_PREPARATION.toMinutes());
            context.publish(listener -> listener.failed(name(), PlatformFailure.VM_START));
            refused.run();
        });
    }

    @Override
    public Path place() {
        return state.config().location();
    }

    @Override
    public void hangs(Path place, Duration time) {
        state.hangs(place, time).run();
    }

    /** Checks whether there is another artifact, copies it, and has it prepared. */
    @Override
    public void run(Runnable alive) {
        AgentConfig agent = state.config();
        Optional<FileStamp> stamp = FileStamp.of(agent.location(), alive)
                .map(artifact -> artifact.with(List.of(FileStamp.of(agent.configuration(), alive), FileStamp.of(agent.drivers(), alive))));
        if (stamp.isEmpty()) {
            missing(agent);
        }
        Work due = state.due(agent, stamp, context.now());
        if (due == Work.READING) {
            read(agent, alive);
        } else if (due == Work.RENEWING) {
            renew();
        }
    }

    private void missing(AgentConfig agent) {
        String reason = "There is no WAR at " + agent.location() + ", or the server may not see it. Put it there; it is picked up"
                + " by itself.";
        state.missing(agent, reason, context.now()).ifPresent(refused -> {
            report(agent, reason);
            refused.run();
        });
    }

    private void report(AgentConfig agent, String reason) {
        AgentMessage.ARTIFACT.log(LOG, agent.name(), reason);
        context.publish(listener -> listener.failed(agent.name(), PlatformFailure.AGENT_START));
    }

    private void read(AgentConfig agent, Runnable alive) {
        try {
            StoredArtifact artifact = artifacts.take(agent, alive);
            if (state.endReading(agent)) {
                taken(agent, artifact);
            } else {
                artifact.release();
            }
        } catch (RuntimeException | Error e) {
            if (maker.isClosed()) {
                LOG.log(Level.FINE, e, () -> "The reading of " + agent.location() + " ended with the platform.");
            } else {
                notRead(agent, e);
            }
        }
    }

    private void taken(AgentConfig agent, StoredArtifact artifact) {
        AgentSpec spec = new AgentSpec(agent.name(), artifact.artifact(), agent.memoryBytes(), agent.vcpus(), agent.paths(),
                new Additions(agent.features(), artifact.configuration(), artifact.drivers()));
        if (state.serves(spec)) {
            artifact.release();
            state.unchanged();
        } else {
            state.preparing(context.now());
            prepare(spec, artifact);
        }
    }

    private void notRead(AgentConfig agent, Throwable failure) {
        boolean wanted = state.endReading(agent);
        if (wanted && failure instanceof ArtifactException e) {
            refused(agent, e);
        } else if (wanted) {
            failedByPlatform("The WAR could not be read: " + failure);
        }
        if (!(failure instanceof ArtifactException)) {
            AgentMessage.UNEXPECTED.log(LOG, failure, "reading the WAR of agent runtime " + agent.name(), failure.toString());
        }
    }

    private void refused(AgentConfig agent, ArtifactException e) {
        report(agent, e.getMessage());
        if (e.cure() == ArtifactException.Cure.RETRY) {
            failedByPlatform(e.getMessage());
        } else {
            failedByAgent(e.getMessage(), List.of());
        }
    }

    private void renew() {
        state.renew(context.now()).ifPresent(due -> prepare(due.spec(), due.artifact()));
    }

    private void prepare(AgentSpec spec, StoredArtifact artifact) {
        step("Waiting for other agents that are being prepared.");
        maker.make(this, spec, artifact);
    }

    /** The driver says what it does. */
    void step(String step) {
        state.step(step);
    }

    void ready(AgentVersion version) {
        state.ready(version, context.now()).run();
        publishPooled();
    }

    /** Another pool counts, or none. */
    private void publishPooled() {
        int waiting = pool().map(VmPool::size).orElse(0);
        context.publish(listener -> listener.pooled(name(), waiting));
    }

    /** Only another artifact helps. */
    void failedByAgent(String reason, List<String> log) {
        state.failedByAgent(reason, log, context.now()).run();
    }

    /** It is tried again after a while. */
    void failedByPlatform(String reason) {
        state.failedByPlatform(reason, context.now()).run();
    }

    /** Nothing can be started from {@code version} any more. */
    void lost(AgentVersion version, TemplateLostException e) {
        if (state.lost(version, e.getMessage(), context.now())) {
            version.lose();
            publishPooled();
            AgentMessage.TEMPLATE_LOST.log(LOG, version.spec().runtime(), version.digest(), e.getMessage());
            renew();
        }
    }

    /** Sessions that run go on. */
    void remove() {
        state.remove().run();
        publishPooled();
    }
}

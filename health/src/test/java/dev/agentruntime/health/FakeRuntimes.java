package dev.agentruntime.health;

import dev.agentruntime.runtime.AgentRuntimes;
import dev.agentruntime.runtime.Caller;
import dev.agentruntime.runtime.Invocation;
import dev.agentruntime.runtime.InvocationRequest;
import dev.agentruntime.runtime.PingPolicy;
import dev.agentruntime.runtime.PingTarget;
import dev.agentruntime.runtime.PlatformStatus;
import dev.agentruntime.runtime.RuntimeListener;
import dev.agentruntime.runtime.RuntimeView;
import dev.agentruntime.runtime.SessionView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A platform that has nothing but sessions to ping. */
final class FakeRuntimes implements AgentRuntimes {

    private final List<PingTarget> targets;

    FakeRuntimes(PingTarget... targets) {
        this.targets = List.of(targets);
    }

    @Override
    public List<PingTarget> pingTargets() {
        return targets;
    }

    @Override
    public String tenantClaim() {
        return "tenant";
    }

    @Override
    public PingPolicy pingPolicy() {
        return new PingPolicy(Duration.ofSeconds(2), Duration.ofSeconds(1));
    }

    @Override
    public List<RuntimeView> runtimes() {
        throw new UnsupportedOperationException();
    }

    @Override
    public RuntimeView runtime(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Invocation> invoke(InvocationRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<SessionView> sessions(String runtime, Caller caller) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SessionView session(String runtime, String sessionId, Caller caller) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<SessionView> stop(String runtime, String sessionId, Caller caller) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PlatformStatus status() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Registration listen(RuntimeListener listener) {
        throw new UnsupportedOperationException();
    }
}

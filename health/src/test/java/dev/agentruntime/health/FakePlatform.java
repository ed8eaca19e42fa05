package dev.agentruntime.health;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.PingPolicy;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.PlatformStatus;
import dev.agentruntime.api.RestWatcher;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A platform that has nothing but sessions to ping. */
final class FakePlatform implements Platform {

    private final List<SessionProbe> targets;

    FakePlatform(SessionProbe... targets) {
        this.targets = List.of(targets);
    }

    @Override
    public List<SessionProbe> probes() {
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
    public List<AgentRuntimeView> runtimes() {
        throw new UnsupportedOperationException();
    }

    @Override
    public AgentRuntimeView runtime(String name) {
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
    public Registration listen(PlatformListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Registration watchRest(RestWatcher watcher) {
        throw new UnsupportedOperationException();
    }
}

package dev.agentruntime.liberty;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.CredentialRead;
import dev.agentruntime.api.HypervisorStatus;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.PingPolicy;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.PlatformStatus;
import dev.agentruntime.api.ReadyWhen;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RestWatcher;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A platform that says its name, and keeps who listens. */
final class TestPlatform implements Platform {

    final List<PlatformListener> listeners = new ArrayList<>();
    final List<RestWatcher> watchers = new ArrayList<>();
    final List<Caller> counted = new ArrayList<>();
    private final String name;

    TestPlatform(String name) {
        this.name = name;
    }

    @Override
    public List<AgentRuntimeView> runtimes() {
        throw named();
    }

    @Override
    public AgentRuntimeView runtime(String runtime) {
        throw named();
    }

    @Override
    public String meant(String given) {
        return name;
    }

    @Override
    public void count(Caller caller) {
        counted.add(caller);
    }

    @Override
    public void credentialRead(CredentialRead read) {
        listeners.forEach(listener -> listener.credentialRead(read));
    }

    @Override
    public CompletionStage<Invocation> invoke(InvocationRequest request) {
        return CompletableFuture.failedFuture(named());
    }

    @Override
    public List<SessionView> sessions(String runtime, Caller caller) {
        throw named();
    }

    @Override
    public SessionView session(String runtime, String sessionId, Caller caller) {
        throw named();
    }

    @Override
    public CompletionStage<SessionView> stop(String runtime, String sessionId, Caller caller) {
        return CompletableFuture.failedFuture(named());
    }

    @Override
    public CompletionStage<List<SessionView>> fork(String runtime, String sessionId, Caller caller, int count) {
        throw named();
    }

    @Override
    public CompletionStage<SessionView> hibernate(String runtime, String sessionId, Caller caller) {
        throw named();
    }

    @Override
    public SessionView changeIdleTimeout(String runtime, String sessionId, Caller caller, Duration idleTimeout) {
        throw named();
    }

    @Override
    public List<SessionProbe> probes() {
        throw named();
    }

    @Override
    public PingPolicy pingPolicy() {
        return new PingPolicy(Duration.ofSeconds(name.length()), Duration.ofSeconds(1));
    }

    @Override
    public String tenantClaim() {
        return name;
    }

    @Override
    public PlatformStatus status() {
        return new PlatformStatus(new HypervisorStatus(true, true, name), true, ReadyWhen.STARTED, List.of());
    }

    @Override
    public Registration listen(PlatformListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public Registration watchRest(RestWatcher watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    private RequestException named() {
        return new RequestException(RequestException.Kind.NOT_FOUND, name);
    }
}

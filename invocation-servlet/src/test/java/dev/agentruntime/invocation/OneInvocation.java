package dev.agentruntime.invocation;

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
import java.util.concurrent.CopyOnWriteArrayList;

/** A platform that answers every invocation with the one it was given. */
class OneInvocation implements Platform {

    /** What was asked of it. */
    final List<InvocationRequest> asked = new CopyOnWriteArrayList<>();

    private final CompletionStage<? extends Invocation> invocation;

    OneInvocation(CompletionStage<? extends Invocation> invocation) {
        this.invocation = invocation;
    }

    @Override
    public String meant(String given) {
        return given;
    }

    @Override
    public void count(Caller caller) {
        // It takes all.
    }

    @Override
    public CompletionStage<Invocation> invoke(InvocationRequest request) {
        asked.add(request);
        return invocation.thenApply(Invocation.class::cast);
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
    public CompletionStage<List<SessionView>> fork(String runtime, String sessionId, Caller caller, int count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<SessionView> hibernate(String runtime, String sessionId, Caller caller) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SessionView changeIdleTimeout(String runtime, String sessionId, Caller caller, Duration idleTimeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<SessionProbe> probes() {
        throw new UnsupportedOperationException();
    }

    @Override
    public PingPolicy pingPolicy() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String tenantClaim() {
        return "tenant";
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

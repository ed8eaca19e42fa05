package dev.agentruntime.liberty;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Caller;
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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Stands in while there is no platform: refuses every request, and tells health checks why.
 *
 * @param reason      for people
 * @param pingPolicy  that the platform before had
 * @param tenantClaim that the platform before had
 */
record AbsentPlatform(RequestException.Kind kind, String reason, PingPolicy pingPolicy, String tenantClaim) implements Platform {

    /** For the moments until another platform takes over. */
    static AbsentPlatform between(Platform before) {
        return new AbsentPlatform(RequestException.Kind.RETRYABLE_CONFLICT,
                "The agent runtime is being started anew with changed settings. Ask again in a moment.",
                before.pingPolicy(), before.tenantClaim());
    }

    /** For good. */
    static AbsentPlatform stopped(Platform before) {
        return new AbsentPlatform(RequestException.Kind.UNAVAILABLE, "The agent runtime has been stopped.",
                before.pingPolicy(), before.tenantClaim());
    }

    @Override
    public List<AgentRuntimeView> runtimes() {
        throw refusal();
    }

    @Override
    public AgentRuntimeView runtime(String name) {
        throw refusal();
    }

    @Override
    public String meant(String given) {
        return given;
    }

    @Override
    public void count(Caller caller) {
        // Whatever is asked for is refused as it is.
    }

    @Override
    public CompletionStage<Invocation> invoke(InvocationRequest request) {
        return CompletableFuture.failedFuture(refusal());
    }

    @Override
    public List<SessionView> sessions(String runtime, Caller caller) {
        throw refusal();
    }

    @Override
    public SessionView session(String runtime, String sessionId, Caller caller) {
        throw refusal();
    }

    @Override
    public CompletionStage<SessionView> stop(String runtime, String sessionId, Caller caller) {
        return CompletableFuture.failedFuture(refusal());
    }

    @Override
    public CompletionStage<List<SessionView>> fork(String runtime, String sessionId, Caller caller, int count) {
        return CompletableFuture.failedFuture(refusal());
    }

    @Override
    public CompletionStage<SessionView> hibernate(String runtime, String sessionId, Caller caller) {
        return CompletableFuture.failedFuture(refusal());
    }

    @Override
    public SessionView changeIdleTimeout(String runtime, String sessionId, Caller caller, Duration idleTimeout) {
        throw refusal();
    }

    @Override
    public List<SessionProbe> probes() {
        return List.of();
    }

    @Override
    public PlatformStatus status() {
        return new PlatformStatus(new HypervisorStatus(false, false, reason), false, ReadyWhen.STARTED, List.of());
    }

    @Override
    public Registration listen(PlatformListener listener) {
        return () -> {};
    }

    @Override
    public Registration watchRest(RestWatcher watcher) {
        return () -> {};
    }

    private RequestException refusal() {
        return new RequestException(kind, reason);
    }
}

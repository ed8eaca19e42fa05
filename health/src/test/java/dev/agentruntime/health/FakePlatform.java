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
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A platform that has nothing but sessions to ping and listeners. */
final class FakePlatform implements Platform {

    final List<PlatformListener> listeners = new CopyOnWriteArrayList<>();
    final List<RestWatcher> watchers = new CopyOnWriteArrayList<>();
    /** What asking for probes, or at first for the policy, fails with. */
    volatile Optional<Throwable> failure = Optional.empty();
    /** What registering a watcher fails with. */
    volatile Optional<Throwable> watching = Optional.empty();
    volatile Duration interval = Duration.ofSeconds(2);
    volatile int asked;
    private final List<SessionProbe> targets;

    FakePlatform(SessionProbe... targets) {
        this.targets = List.of(targets);
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
        FakePlatform.<RuntimeException>fail(failure);
        asked++;
        return targets;
    }

    @Override
    public String tenantClaim() {
        return "tenant";
    }

    @Override
    public PingPolicy pingPolicy() {
        FakePlatform.<RuntimeException>fail(failure);
        return new PingPolicy(interval, Duration.ofSeconds(1));
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
    public String meant(String given) {
        return given;
    }

    @Override
    public void count(Caller caller) {
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
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public Registration watchRest(RestWatcher watcher) {
        FakePlatform.<RuntimeException>fail(watching);
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void fail(Optional<Throwable> failure) throws T {
        if (failure.isPresent()) {
            throw (T) failure.get();
        }
    }
}

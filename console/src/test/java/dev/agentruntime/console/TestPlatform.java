package dev.agentruntime.console;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.HypervisorStatus;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.PingPolicy;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.PlatformStatus;
import dev.agentruntime.api.ReadyWhen;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.RestWatcher;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.SessionView.Status;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A platform that has nothing but agents and sessions, and decides on them as the real one does. */
final class TestPlatform implements Platform {

    static final String ISSUER = "https://idp.test";
    static final Instant BEGAN = Instant.parse("2026-01-31T11:00:00Z");

    final List<AgentRuntimeView> runtimes = new ArrayList<>(List.of(agent("hello", "")));
    final List<SessionView> sessions = new ArrayList<>();
    final List<String> stopped = new ArrayList<>();
    final List<String> counted = new ArrayList<>();
    boolean throttled;
    /** What ends of sessions come to. */
    CompletableFuture<SessionView> end = new CompletableFuture<>();
    Optional<RuntimeException> failure = Optional.empty();

    static AgentRuntimeView agent(String name, String reason, String... log) {
        return new AgentRuntimeView(name, log.length == 0 ? AgentRuntimeView.Status.READY : AgentRuntimeView.Status.CREATE_FAILED, reason, List.of(log),
                Optional.of("0123456789ab"), Optional.of(StartMode.PRIMED), 1, 2);
    }

    static SessionView session(String id, String user, Status status) {
        SessionView session = new SessionView(id, "hello", "0123456789ab", status, new Subject(ISSUER, user), BEGAN, BEGAN.plusSeconds(60),
                Optional.of(StartMode.PRIMED), Optional.of(Duration.ofMillis(70)), Optional.of("agrt-1-s1"), Optional.empty(),
                new Usage(1_500_000_000, new BigDecimal(5L << 30), 200L << 20, 7, MeterSource.CGROUP));
        return session.idleFor(Duration.ofMinutes(15)).livingFor(Duration.ofHours(8));
    }

    static SessionView ended(String id, String user, String reason) {
        SessionView session = session(id, user, Status.TERMINATED);
        return new SessionView(id, session.runtime(), session.digest(), session.status(), session.subject(), session.createdAt(), session.lastActivityAt(),
                session.startMode(), session.startTime(), session.vm(), Optional.of(reason), session.usage());
    }

    @Override
    public List<AgentRuntimeView> runtimes() {
        failure.ifPresent(thrown -> {
            throw thrown;
        });
        return runtimes;
    }

    @Override
    public List<SessionView> sessions(String runtime, Caller caller) {
        return sessions.stream().filter(session -> session.runtime().equals(runtime) && caller.mayUse(session.subject())).toList();
    }

    @Override
    public SessionView session(String runtime, String sessionId, Caller caller) {
        SessionView found = sessions.stream().filter(session -> session.runtime().equals(runtime) && session.sessionId().equals(sessionId)).findFirst()
                .orElseThrow(() -> new RequestException(Kind.NOT_FOUND, "There never was a session " + sessionId));
        if (!caller.mayUse(found.subject())) {
            throw new RequestException(Kind.FORBIDDEN, "The session " + sessionId + " is " + found.subject().name() + "'s");
        }
        return found;
    }

    @Override
    public CompletionStage<SessionView> stop(String runtime, String sessionId, Caller caller) {
        session(runtime, sessionId, caller);
        stopped.add(sessionId);
        return end;
    }

    @Override
    public PlatformStatus status() {
        return new PlatformStatus(new HypervisorStatus(true, true, "qemu:///system, tcg"), true, ReadyWhen.STARTED, runtimes);
    }

    @Override
    public AgentRuntimeView runtime(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String meant(String given) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void count(Caller caller) {
        counted.add(caller.subject().name());
        if (throttled) {
            throw RequestException.throttled("You have sent 5 requests within a second", Duration.ofMillis(2_100));
        }
    }

    @Override
    public CompletionStage<Invocation> invoke(InvocationRequest request) {
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

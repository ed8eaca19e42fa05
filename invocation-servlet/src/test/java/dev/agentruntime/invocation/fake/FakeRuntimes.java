package dev.agentruntime.invocation.fake;

import dev.agentruntime.runtime.AgentRuntimes;
import dev.agentruntime.runtime.Caller;
import dev.agentruntime.runtime.Invocation;
import dev.agentruntime.runtime.InvocationRequest;
import dev.agentruntime.runtime.PingPolicy;
import dev.agentruntime.runtime.PingStatus;
import dev.agentruntime.runtime.PingTarget;
import dev.agentruntime.runtime.PlatformStatus;
import dev.agentruntime.runtime.RequestException;
import dev.agentruntime.runtime.RequestException.Kind;
import dev.agentruntime.runtime.RuntimeListener;
import dev.agentruntime.runtime.RuntimeView;
import dev.agentruntime.runtime.SessionView;
import dev.agentruntime.runtime.spi.HypervisorStatus;
import dev.agentruntime.runtime.spi.PingReply;
import dev.agentruntime.runtime.spi.StartMode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A platform without VMs: the agent {@code echo} is a port of this machine, the agent {@code broken} never starts. */
public final class FakeRuntimes implements AgentRuntimes {

    private final int agentPort;
    private final Map<String, FakeSession> sessions = new ConcurrentHashMap<>();
    private final List<RuntimeListener> listeners = new CopyOnWriteArrayList<>();

    public FakeRuntimes(int agentPort) {
        this.agentPort = agentPort;
    }

    @Override
    public List<RuntimeView> runtimes() {
        return List.of(
                new RuntimeView("broken", RuntimeView.Status.CREATE_FAILED, "The WAR has no web.xml", List.of("CWWKZ0002E"),
                        "0123456789ab", "", 0, 0),
                new RuntimeView("echo", RuntimeView.Status.READY, "", List.of(), "ba9876543210", "clone", sessions.size(), 1));
    }

    @Override
    public RuntimeView runtime(String name) {
        return runtimes().stream().filter(runtime -> runtime.name().equals(name)).findAny()
                .orElseThrow(() -> new RequestException(Kind.NOT_FOUND, "There is no agent runtime " + name));
    }

    @Override
    public CompletionStage<Invocation> invoke(InvocationRequest request) {
        return CompletableFuture.supplyAsync(() -> {
            RuntimeView runtime = runtime(request.runtime());
            if (runtime.status() == RuntimeView.Status.CREATE_FAILED) {
                throw new RequestException(Kind.AGENT, "The agent does not start: " + runtime.statusReason(), runtime.log());
            }
            String id = request.sessionId().orElseGet(() -> UUID.randomUUID().toString());
            if (id.length() < 33) {
                throw new RequestException(Kind.VALIDATION, "A session id has 33 to 256 characters");
            }
            FakeSession session = sessions.computeIfAbsent(id, i -> started(request, i));
            session.check(request.caller());
            listeners.forEach(l -> l.sessionMoved(session.runtime(), SessionView.Status.IDLE, SessionView.Status.ACTIVE));
            return session.begin(agentPort, (outcome, took) -> listeners.forEach(l -> {
                l.sessionMoved(session.runtime(), SessionView.Status.ACTIVE, SessionView.Status.IDLE);
                l.invocationEnded(session.runtime(), outcome, took);
                l.used(session.runtime(), 1_500_000_000, BigDecimal.valueOf(1L << 30));
            }));
        });
    }

    private FakeSession started(InvocationRequest request, String id) {
        for (RuntimeListener listener : listeners) {
            listener.sessionMoved(request.runtime(), null, SessionView.Status.IDLE);
            listener.sessionStarted(request.runtime(), StartMode.CLONE, Duration.ofMillis(40));
            listener.platformUsed("start", 250_000_000);
        }
        return new FakeSession(request.runtime(), id, request.caller());
    }

    @Override
    public List<SessionView> sessions(String runtime, Caller caller) {
        return sessions.values().stream().map(FakeSession::view).filter(view -> caller.mayUse(view.subject()))
                .sorted(Comparator.comparing(SessionView::createdAt).reversed()).toList();
    }

    @Override
    public SessionView session(String runtime, String sessionId, Caller caller) {
        return found(sessionId, caller).view();
    }

    @Override
    public CompletionStage<SessionView> stop(String runtime, String sessionId, Caller caller) {
        FakeSession session = found(sessionId, caller);
        return CompletableFuture.supplyAsync(session::stop);
    }

    private FakeSession found(String sessionId, Caller caller) {
        FakeSession session = sessions.get(sessionId);
        if (session == null) {
            throw new RequestException(Kind.NOT_FOUND, "There is no session " + sessionId);
        }
        session.check(caller);
        return session;
    }

    @Override
    public List<PingTarget> pingTargets() {
        return List.of(new PingTarget() {
            @Override
            public String runtime() {
                return "echo";
            }

            @Override
            public String sessionId() {
                return "pinged";
            }

            @Override
            public PingReply ask(Duration timeout) {
                return new PingReply(200, "{\"status\":\"HealthyBusy\"}");
            }

            @Override
            public void report(PingStatus status) {
                listeners.forEach(listener -> listener.pinged("echo", status));
            }
        });
    }

    @Override
    public String tenantClaim() {
        return "tenant";
    }

    @Override
    public PingPolicy pingPolicy() {
        return new PingPolicy(Duration.ofMillis(500), Duration.ofSeconds(2));
    }

    @Override
    public PlatformStatus status() {
        return new PlatformStatus(new HypervisorStatus(true, true, "fake"), true, runtimes());
    }

    @Override
    public Registration listen(RuntimeListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}

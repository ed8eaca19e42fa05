package dev.agentruntime.invocation.fake;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.HypervisorStatus;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.InvocationRequest.IfNoneLives;
import dev.agentruntime.api.InvocationRequest.Purpose;
import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.PingPolicy;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.PlatformStatus;
import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.ReadyWhen;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RestWatcher;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.StartMode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Comparator;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A platform without VMs: the agents {@code echo} and {@code raw} are ports of this machine, {@code broken} never starts. */
public final class FakePlatform implements Platform {

    private final int agentPort;
    private final int rawPort;
    private final int commandPort;
    private final Map<String, FakeSession> sessions = new ConcurrentHashMap<>();
    private final List<PlatformListener> listeners = new CopyOnWriteArrayList<>();

    public FakePlatform(int agentPort, int rawPort) {
        this(agentPort, rawPort, 1);
    }

    /** @param commandPort where guests run commands */
    public FakePlatform(int agentPort, int rawPort, int commandPort) {
        this.agentPort = agentPort;
        this.rawPort = rawPort;
        this.commandPort = commandPort;
    }

    @Override
    public List<AgentRuntimeView> runtimes() {
        return List.of(
                new AgentRuntimeView("broken", AgentRuntimeView.Status.CREATE_FAILED, "The WAR has no web.xml", List.of("CWWKZ0002E"),
                        Optional.of("0123456789ab"), Optional.empty(), 0, 0),
                new AgentRuntimeView("echo", AgentRuntimeView.Status.READY, "", List.of(), Optional.of("ba9876543210"),
                        Optional.of(StartMode.CLONE), sessions.size(), 1),
                new AgentRuntimeView("raw", AgentRuntimeView.Status.READY, "", List.of(), Optional.of("ba9876543210"),
                        Optional.of(StartMode.CLONE), sessions.size(), 1));
    }

    @Override
    public AgentRuntimeView runtime(String name) {
        return runtimes().stream().filter(runtime -> runtime.name().equals(name)).findAny()
                .orElseThrow(() -> new RequestException(Kind.NOT_FOUND, "There is no agent runtime " + name));
    }

    @Override
    public String meant(String given) {
        return given;
    }

    @Override
    public void count(Caller caller) {
        if (caller.subject().name().equals("hasty")) {
            throw RequestException.throttled("You have sent 5 requests within a second", Duration.ofMillis(2_100));
        }
    }

    @Override
    public CompletionStage<Invocation> invoke(InvocationRequest request) {
        return CompletableFuture.supplyAsync(() -> {
            AgentRuntimeView runtime = runtime(request.runtime());
            if (runtime.status() == AgentRuntimeView.Status.CREATE_FAILED) {
                throw new RequestException(Kind.AGENT, "The agent does not start: " + runtime.statusReason(), runtime.log());
            }
            if (request.purpose() == Purpose.SYSTEM && request.caller().subject().name().equals("outsider")) {
                throw new RequestException(Kind.FORBIDDEN, "Commands and shells are for others");
            }
            String id = request.sessionId().orElseGet(() -> UUID.randomUUID().toString());
            if (id.length() < 33) {
                throw new RequestException(Kind.VALIDATION, "A session id has 33 to 256 characters");
            }
            if (request.ifNoneLives() == IfNoneLives.REFUSE && Optional.ofNullable(sessions.get(id)).filter(FakeSession::lives).isEmpty()) {
                throw new RequestException(Kind.NOT_FOUND, "There is no session " + id + " that lives");
            }
            FakeSession session = sessions.compute(id, (i, known) -> known != null && known.lives() ? known : started(request, i));
            session.check(request.caller());
            listeners.forEach(l -> l.sessionMoved(session.runtime(), SessionView.Status.IDLE, SessionView.Status.ACTIVE));
            return session.begin(request.runtime().equals("raw") ? rawPort : agentPort, commandPort, (outcome, took) -> listeners.forEach(l -> {
                l.sessionMoved(session.runtime(), SessionView.Status.ACTIVE, SessionView.Status.IDLE);
                l.invocationEnded(session.runtime(), outcome, took);
                l.used(session.runtime(), 1_500_000_000, BigDecimal.valueOf(1L << 30));
            }));
        });
    }

    private FakeSession started(InvocationRequest request, String id) {
        for (PlatformListener listener : listeners) {
            listener.sessionBegan(request.runtime());
            listener.sessionMoved(request.runtime(), SessionView.Status.PROVISIONING, SessionView.Status.IDLE);
            listener.sessionStarted(request.runtime(), StartMode.CLONE, Duration.ofMillis(40));
            listener.platformUsed(PlatformWork.START, 250_000_000);
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
    public CompletionStage<List<SessionView>> fork(String runtime, String sessionId, Caller caller, int count) {
        SessionView of = found(sessionId, caller).view();
        return CompletableFuture.completedFuture(Collections.nCopies(count, of));
    }

    @Override
    public CompletionStage<SessionView> hibernate(String runtime, String sessionId, Caller caller) {
        return CompletableFuture.completedFuture(found(sessionId, caller).view());
    }

    @Override
    public SessionView changeIdleTimeout(String runtime, String sessionId, Caller caller, Duration idleTimeout) {
        return found(sessionId, caller).view().idleFor(idleTimeout);
    }

    @Override
    public List<SessionProbe> probes() {
        return List.of(new SessionProbe() {
            @Override
            public String runtime() {
                return "echo";
            }

            @Override
            public String sessionId() {
                return "pinged";
            }

            @Override
            public PingAnswer ask(Duration timeout) {
                return new PingAnswer.Replied(200, "{\"status\":\"HealthyBusy\"}");
            }

            @Override
            public void report(PingStatus status, String said) {
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
        return new PlatformStatus(new HypervisorStatus(true, true, "fake"), true, ReadyWhen.STARTED, runtimes());
    }

    @Override
    public Registration watchRest(RestWatcher watcher) {
        return () -> { };
    }

    @Override
    public Registration listen(PlatformListener listener) {
        listeners.add(listener);
        OneOfEach.tell(listener);
        return () -> listeners.remove(listener);
    }
}

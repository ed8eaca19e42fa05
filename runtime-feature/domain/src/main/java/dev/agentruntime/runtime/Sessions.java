package dev.agentruntime.runtime;

import dev.agentruntime.agents.Agents;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionOrigin;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Tenant;
import dev.agentruntime.store.LedgerKeeper;
import dev.agentruntime.store.SessionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** All sessions that have a VM or are about to get or lose one, one per agent runtime and session id. Thread-safe. */
final class Sessions {

    private static final Duration LISTED = Duration.ofDays(1);
    private static final Duration LEDGER_PATIENCE = Duration.ofSeconds(5);

    private final Environment environment;
    private final Agents agents;
    private final LedgerKeeper ledger;
    private final Meters meters;
    private final SessionEnder ender;
    private final SessionMoves moves;
    private final SessionStarter starter;
    private final Map<SessionKey, Session> live = new ConcurrentHashMap<>();

    Sessions(Environment environment, Agents agents, LedgerKeeper ledger) {
        this.environment = environment;
        this.agents = agents;
        this.ledger = ledger;
        this.meters = new Meters(environment, ledger);
        this.ender = new SessionEnder(environment, ledger, meters, gone -> live.remove(gone.key(), gone));
        this.moves = new SessionMoves(environment, ledger, ender);
        this.starter = new SessionStarter(environment, moves, agents);
    }

    CompletableFuture<Invocation> invoke(InvocationRequest request) {
        Caller caller = request.caller();
        SessionKey key = new SessionKey(
                request.runtime(), request.sessionId().map(SessionIds::checked).orElseGet(SessionIds::generate));
        Optional<CompletableFuture<Invocation>> joined = join(key, caller);
        if (joined.isPresent()) {
            return joined.get();
        }
        agents.check(key.runtime());
        if (request.sessionId().isEmpty()) {
            return begin(key, caller.subject(), caller);
        }
        return CompletableFuture.supplyAsync(() -> ledger.latest(key.runtime(), key.sessionId()), environment.workers().ledger())
                .exceptionally(unknown -> Optional.empty())
                .completeOnTimeout(Optional.empty(), LEDGER_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(earlier -> begin(key, ownerOf(key, earlier, caller), caller));
    }

    /** An id stays its first owner's, even when an admin uses it. */
    private static Subject ownerOf(SessionKey key, Optional<SessionRecord> earlier, Caller caller) {
        Subject owner = earlier.map(record -> record.view().subject()).orElse(caller.subject());
        checkMayUse(key, owner, caller);
        return owner;
    }

    /** An owner for whom an admin begins is alone: the admin's token does not name the owner's tenant. */
    private static Tenant tenantOf(Subject owner, Caller caller) {
        return caller.subject().equals(owner) ? caller.tenant() : owner.alone();
    }

    private Optional<CompletableFuture<Invocation>> join(SessionKey key, Caller caller) {
        Session session = live.get(key);
        if (session == null) {
            return Optional.empty();
        }
        checkMayUse(key, session.owner(), caller);
        Instant began = environment.now();
        Session.Transition transition = moves.apply(session, new LifeEvent.RequestBegan(began));
        if (transition.after() instanceof SessionLife.Terminated) {
            throw new RequestException(Kind.RETRYABLE_CONFLICT,
                    "Session " + key.sessionId() + " is being ended. Ask again in a moment to begin it anew.");
        }
        if (transition.before() instanceof SessionLife.Provisioning) {
            return Optional.of(session.serving().thenApplyAsync(
                    vm -> new LiveInvocation(environment, moves, meters, session, vm, SessionOrigin.NEW, began),
                    environment.workers().work()));
        }
        meters.readSoon(session);
        return Optional.of(session.awake().thenApply(
                vm -> new LiveInvocation(environment, moves, meters, session, vm, SessionOrigin.CONTINUED, began)));
    }

    private CompletableFuture<Invocation> begin(SessionKey key, Subject owner, Caller caller) {
        Optional<Session> begun = admit(key, owner, tenantOf(owner, caller));
        begun.ifPresent(moves::began);
        CompletableFuture<Invocation> invocation =
                join(key, caller).orElseGet(() -> invoke(new InvocationRequest(key.runtime(), Optional.of(key.sessionId()), caller)));
        begun.ifPresent(session -> starter.start(session));
        return invocation;
    }

    /** The new session, or empty when there is one of this id already. */
    private synchronized Optional<Session> admit(SessionKey key, Subject owner, Tenant tenant) {
        if (live.containsKey(key)) {
            return Optional.empty();
        }
        int most = environment.config().get().sessions().maxSessions();
        if (live.size() >= most) {
            throw new RequestException(Kind.QUOTA, "There are " + most + " sessions, as many as the attribute maxSessions"
                    + " allows. End one, or raise it.");
        }
        Session session = new Session(key, owner, tenant, environment.now());
        live.put(key, session);
        return Optional.of(session);
    }

    List<SessionView> list(String runtime, Caller caller) {
        checkKnown(runtime);
        Map<String, SessionView> views = ledger.recent(runtime, caller, environment.now().minus(LISTED));
        live.values().stream()
                .filter(session -> session.key().runtime().equals(runtime) && caller.mayUse(session.owner()))
                .forEach(session -> views.put(session.rowId(), session.view(environment.now())));
        return views.values().stream().sorted(Comparator.comparing(SessionView::createdAt).reversed()).toList();
    }

    /** A live session's usage is read for it. */
    SessionView view(SessionKey key, Caller caller) {
        Session session = live.get(key);
        if (session != null) {
            checkMayUse(key, session.owner(), caller);
            meters.read(session);
            return session.view(environment.now());
        }
        return ended(key, caller);
    }

    CompletableFuture<SessionView> stop(SessionKey key, Caller caller) {
        Session session = live.get(key);
        if (session == null) {
            return CompletableFuture.supplyAsync(() -> ended(key, caller), environment.workers().ledger());
        }
        checkMayUse(key, session.owner(), caller);
        CompletableFuture<Void> gone = session.gone();
        moves.apply(session, new LifeEvent.Ended(environment.now(), Ending.stoppedBy(caller.subject())));
        return gone.handle((nothing, failure) -> {
            if (failure != null) {
                throw new RequestException(Kind.PLATFORM, "Session " + key.sessionId()
                        + " was ended, but its VM could not be destroyed yet: " + failure.getMessage(), failure);
            }
            return session.view(environment.now());
        });
    }

    List<SessionProbe> probes() {
        return live.values().stream().filter(Sessions::runs).flatMap(session -> session.vm().stream()
                .map(vm -> (SessionProbe) new LiveProbe(environment, moves, meters, session, vm))).toList();
    }

    int liveSessions(String runtime) {
        return (int) live.values().stream()
                .filter(session -> session.key().runtime().equals(runtime) && session.vm().isPresent()).count();
    }

    void tick(Instant now) {
        SessionSettings settings = environment.config().get().sessions();
        live.values().forEach(session ->
                moves.apply(session, new LifeEvent.Tick(now, settings.limits(session.key().runtime()))));
        ender.tick(now);
    }

    /** Ends every session; completes when each VM is gone or has failed to go once. */
    CompletableFuture<Void> endAll(Ending ending) {
        List<CompletableFuture<Void>> ends = live.values().stream().map(session -> {
            CompletableFuture<Void> gone = session.gone();
            moves.apply(session, new LifeEvent.Ended(environment.now(), ending));
            return gone.exceptionally(failure -> null);
        }).toList();
        return CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new));
    }

    private SessionView ended(SessionKey key, Caller caller) {
        Optional<SessionRecord> record = ledger.latest(key.runtime(), key.sessionId());
        if (record.isEmpty()) {
            checkKnown(key.runtime());
            throw new RequestException(Kind.NOT_FOUND,
                    "Agent runtime " + key.runtime() + " has no session " + key.sessionId() + ".");
        }
        checkMayUse(key, record.get().view().subject(), caller);
        return record.get().view();
    }

    private void checkKnown(String runtime) {
        if (live.keySet().stream().noneMatch(key -> key.runtime().equals(runtime))) {
            agents.check(runtime);
        }
    }

    private static boolean runs(Session session) {
        SessionLife life = session.life();
        return life instanceof SessionLife.Active || life instanceof SessionLife.Idle;
    }

    private static void checkMayUse(SessionKey key, Subject owner, Caller caller) {
        if (!caller.mayUse(owner)) {
            throw new RequestException(Kind.FORBIDDEN, "Session " + key.sessionId() + " belongs to someone else.");
        }
    }
}

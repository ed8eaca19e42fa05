package dev.agentruntime.sessions;

import dev.agentruntime.agents.AgentLease;
import dev.agentruntime.agents.Agents;
import dev.agentruntime.agents.SessionTerms;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest.IfNoneLives;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionOrigin;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.sessions.Owners.Owned;
import dev.agentruntime.sessions.SessionState.Held;
import dev.agentruntime.sessions.SessionState.Identity;
import dev.agentruntime.spi.AgentPaths;
import dev.agentruntime.spi.SessionRoom;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.store.Kept;
import dev.agentruntime.store.SessionRecord;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Logger;

/**
 * All sessions, one live one per agent runtime and session id. Its owner calls {@link #tick()} once a second. Thread-safe;
 * nothing blocks but what reads the ledger or a meter.
 */
public final class Sessions {

    private static final Logger LOG = Logger.getLogger(Sessions.class.getName());
    /** Sessions that begin with the memory of one at once. */
    static final int MOST_FORKS = 64;

    private static final Duration LISTED = Duration.ofDays(1);
    private static final Duration COLD_PATIENCE = Duration.ofSeconds(5);
    /** Each holds a thread for as long as the ledger takes to read. */
    private static final int MOST_LOOK_UPS = 16;

    private final Crew crew;
    private final Agents agents;
    private final SessionExecutors executors;
    private final Supplier<SessionSettings> settings;
    private final Owners owners;
    private final Admission admission;
    private final Rooms rooms;
    private final Rates rates;
    private final Settlement earlier;
    private final Hibernation hibernation;
    private final Semaphore lookUps = new Semaphore(MOST_LOOK_UPS);

    /**
     * @param settings as they are now
     * @param present  the rooms that take part in sessions now
     * @param rates    how fast sessions may begin
     * @param earlier  whether it is known which sessions of the earlier run go on
     */
    public Sessions(Agents agents, Records records, Supplier<SessionSettings> settings, Times times, SessionExecutors executors,
            Listeners listeners, Supplier<List<SessionRoom>> present, Rates rates, Settlement earlier) {
        this.earlier = earlier;
        this.agents = agents;
        this.executors = executors;
        this.settings = settings;
        this.owners = new Owners(records.directory(), records.serverId());
        this.rooms = new Rooms(present, times, listeners);
        this.admission = new Admission(settings, rooms);
        this.rates = rates;
        VmEnd ends = new VmEnd(times, listeners, rooms, new Farewell(() -> settings.get().stopping().endGrace()));
        StartFaults faults = new StartFaults(listeners);
        ColdStarts cold = new ColdStarts(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()), COLD_PATIENCE);
        VmStart starts = new VmStart(times, cold, ends, faults, agents::makeRoom, rooms);
        HibernationDisk disk = new HibernationDisk(() -> settings.get().hibernationDisk());
        this.hibernation = new Hibernation(times, listeners, rooms, ends, cold, agents::makeRoom, disk, records, executors.vms());
        this.crew = new Crew(times, executors.vms(), agents,
                new VmWork(times, starts, ends, hibernation, new ForkWriter(disk, executors.vms()), faults, listeners),
                new Teller(times, listeners, rooms, executors.vms(), admission::gone), listeners, records, rooms);
    }

    /**
     * Gives an invocation its session and the session its VM. A session that runs answers at once, on the caller's thread.
     * Fails with RequestException, at once or later.
     */
    public CompletableFuture<Invocation> invoke(InvocationRequest request) {
        SessionKey key = new SessionKey(
                request.runtime(), request.sessionId().map(SessionIds::checked).orElseGet(SessionIds::generate));
        return request.sessionId().isEmpty() ? invoke(request, key) : onceSettled(key, () -> invoke(request, key));
    }

    /** For a request that names a session: that may be one of the earlier run. */
    private <T> CompletableFuture<T> onceSettled(SessionKey key, Supplier<CompletableFuture<T>> request) {
        return earlier.isSettled(key) ? request.get()
                : earlier.once(key, settings.get().limits().hypervisorTimeout(), executors.vms(), request);
    }

    private CompletableFuture<Invocation> invoke(InvocationRequest request, SessionKey key) {
        admission.checkOpen();
        Optional<SessionActor> live = admission.find(key);
        if (request.ifNoneLives() == IfNoneLives.REFUSE && live.filter(session -> !session.life().isOver()).isEmpty()) {
            throw new RequestException(Kind.NOT_FOUND, "Agent runtime " + key.runtime() + " has no session " + key.sessionId()
                    + " that lives: it has ended, or never was. This request begins none; begin one with another first.");
        }
        if (live.isPresent()) {
            return join(live.get(), request);
        }
        try {
            checkMayBegin(key, request);
        } catch (RequestException refused) {
            // Another request of the same session may have begun it since, and taken the last place.
            SessionActor begun = admission.find(key).orElseThrow(() -> refused);
            admission.checkOpen();
            return join(begun, request);
        }
        Caller caller = request.caller();
        return request.sessionId().isEmpty()
                ? begin(key, request, owners.remember(key, caller))
                : offTheStore(owners.claim(key, caller)).thenCompose(owned -> begin(key, request, owned));
    }

    private CompletableFuture<Invocation> join(SessionActor session, InvocationRequest request) {
        checkPurpose(request);
        return join(session, request.caller());
    }

    private void checkMayBegin(SessionKey key, InvocationRequest request) {
        Caller caller = request.caller();
        agents.check(key.runtime(), request.qualifier());
        checkPurpose(request);
        admission.checkPlace(key.runtime(),
                Optional.of(caller.subject()).filter(subject -> !caller.admin() || request.sessionId().isEmpty()));
        rates.beginning();
    }

    private void checkPurpose(InvocationRequest request) {
        if (request.purpose() == InvocationRequest.Purpose.SYSTEM) {
            settings.get().commands(request.runtime()).check(request.runtime(), request.caller());
        }
    }

    /** What follows, such as the caller's own work, holds no thread of the store's. */
    private <T> CompletableFuture<T> offTheStore(CompletableFuture<T> known) {
        return known.whenCompleteAsync((value, failure) -> { }, executors.vms());
    }

    private CompletableFuture<Invocation> join(SessionActor session, Caller caller) {
        Owners.checkMayUse(session.key(), session.state().identity().owner(), caller);
        return session.request();
    }

    private CompletableFuture<Invocation> begin(SessionKey key, InvocationRequest request, Owned owned) {
        Optional<SessionActor> begun = admission.admit(key, owned.owner(), () -> new SessionActor(new Identity(
                UUID.randomUUID().toString(), key, owned.owner(), owned.tenant(), owned.origin(), crew.times().wallNow().truncatedTo(ChronoUnit.MICROS)),
                request.qualifier(), crew));
        CompletableFuture<Invocation> invocation = begun.or(() -> admission.find(key)).map(session -> join(session, request.caller()))
                .orElseGet(() -> invoke(request.in(key.sessionId())));
        begun.ifPresent(SessionActor::begin);
        return invocation;
    }

    /** The runtime's sessions that the caller may see, newest first. Reads the ledger. */
    public List<SessionView> list(String runtime, Caller caller) {
        checkKnown(runtime);
        Map<String, SessionView> views =
                crew.records().ledger().recent(runtime, caller, crew.times().wallNow().minus(LISTED));
        admission.all().stream()
                .filter(session -> session.key().runtime().equals(runtime) && caller.mayUse(session.state().identity().owner()))
                .forEach(session -> views.put(session.rowId(), shown(session)));
        return views.values().stream().sorted(Comparator.comparing(SessionView::createdAt).reversed()).toList();
    }

    /** One session, whose usage is read for it where it lives. Reads the ledger where it does not. */
    public SessionView view(SessionKey key, Caller caller) {
        Optional<SessionActor> live = admission.find(key);
        live.ifPresent(session -> {
            Owners.checkMayUse(key, session.state().identity().owner(), caller);
            crew.work().carryOut(new Order.ReadMeter(Duration.ZERO), session).ifPresent(session::post);
        });
        return live.map(this::shown).orElseGet(() -> ended(key, caller));
    }

    private SessionView shown(SessionActor session) {
        return shown(session, session.view());
    }

    private SessionView shown(SessionActor session, SessionView view) {
        if (view.status() == SessionView.Status.TERMINATED) {
            return view;
        }
        Limits limits = limits(session, settings.get());
        return view.idleFor(limits.idleTimeout()).livingFor(limits.maxLifetime());
    }

    /** Changes how long one session may be idle, which lives. */
    public SessionView changeIdleTimeout(SessionKey key, Caller caller, Duration idleTimeout) {
        SessionActor session = alive(key);
        Owners.checkMayUse(key, session.state().identity().owner(), caller);
        session.changeIdleTimeout(idleTimeout);
        return shown(session);
    }

    /**
     * Begins sessions that have the memory of one that rests, each with an id of its own, for whoever owns it.
     *
     * @param count how many, from 1 to {@value #MOST_FORKS}
     */
    public CompletableFuture<List<SessionView>> fork(SessionKey key, Caller caller, int count) {
        if (count < 1 || count > MOST_FORKS) {
            throw new RequestException(Kind.VALIDATION, "count must be a whole number from 1 to " + MOST_FORKS + ".");
        }
        SessionActor session = alive(key);
        Identity identity = session.state().identity();
        if (!caller.subject().equals(identity.owner())) {
            throw new RequestException(Kind.FORBIDDEN, "Session " + key.sessionId() + " can be forked by its owner only.");
        }
        admission.checkPlaces(key.runtime(), identity.owner(), count);
        for (int i = 0; i < count; i++) {
            rates.beginning();
        }
        return session.fork().thenApply(shared -> {
            try {
                return forks(session, caller, shared, count);
            } finally {
                shared.close();
            }
        });
    }

    /** All of them or none: others may have begun sessions since. */
    private List<SessionView> forks(SessionActor first, Caller caller, Origin.Shared shared, int count) {
        Identity of = first.state().identity();
        List<SessionActor> forks = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                SessionKey key = new SessionKey(of.key().runtime(), SessionIds.generate());
                owners.remember(key, caller);
                Identity own = new Identity(UUID.randomUUID().toString(), key, of.owner(), of.tenant(), SessionOrigin.NEW,
                        crew.times().wallNow().truncatedTo(ChronoUnit.MICROS));
                forks.add(admission.admit(key, of.owner(), () -> new SessionActor(own, "", Optional.of(shared.share()), first.idleTimeout(), crew)).orElseThrow());
            }
        } catch (RuntimeException | Error e) {
            forks.forEach(SessionActor::begin);
            forks.forEach(fork -> fork.end(EndReason.startFailed("not all of the sessions that were asked for found a place.")));
            throw e;
        }
        forks.forEach(SessionActor::begin);
        return forks.stream().map(this::shown).toList();
    }

    /** Puts a session that rests on the disk; completes with it as it is there, or with RequestException. */
    public CompletableFuture<SessionView> hibernate(SessionKey key, Caller caller) {
        SessionActor session = alive(key);
        Owners.checkMayUse(key, session.state().identity().owner(), caller);
        return session.hibernate().thenApply(view -> shown(session, view));
    }

    private SessionActor alive(SessionKey key) {
        return admission.find(key).filter(live -> !live.life().isOver()).orElseThrow(() -> earlier.isSettled(key)
                ? new RequestException(Kind.NOT_FOUND,
                        "Agent runtime " + key.runtime() + " has no session " + key.sessionId() + " that lives: it has ended, or never was.")
                : earlier.refusal(key));
    }

    /** Ends a session; completes when its VM is proven gone, or with RequestException when that takes long. */
    public CompletableFuture<SessionView> stop(SessionKey key, Caller caller) {
        return onceSettled(key, () -> stopNow(key, caller));
    }

    private CompletableFuture<SessionView> stopNow(SessionKey key, Caller caller) {
        Optional<SessionActor> live = admission.find(key);
        live.ifPresent(session -> Owners.checkMayUse(key, session.state().identity().owner(), caller));
        return live.map(session -> session.end(EndReason.stoppedBy(caller.subject())))
                .orElseGet(() -> lookUp(key, caller));
    }

    /** On none of the few threads that write the ledger: whoever asks for sessions that never were would hold them all. */
    private CompletableFuture<SessionView> lookUp(SessionKey key, Caller caller) {
        if (!lookUps.tryAcquire()) {
            return CompletableFuture.failedFuture(new RequestException(Kind.THROTTLED, "The server is looking up " + MOST_LOOK_UPS
                    + " sessions that do not run, as many as it does at once. Ask again in a moment."));
        }
        try {
            return CompletableFuture.supplyAsync(() -> ended(key, caller), executors.vms())
                    .whenComplete((view, failure) -> lookUps.release());
        } catch (RuntimeException | Error noThread) {
            lookUps.release();
            throw noThread;
        }
    }

    /** The sessions that serve. */
    public List<SessionProbe> probes() {
        return admission.all().stream().filter(session -> session.life().serves()).flatMap(session -> session.state().held()
                .map(held -> (SessionProbe) new LiveProbe(crew.times(), session, held.vm(), rooms)).stream()).toList();
    }

    /** How many sessions of {@code runtime} have a VM. */
    public int live(String runtime) {
        return (int) admission.all().stream()
                .filter(session -> session.key().runtime().equals(runtime) && session.state().held().isPresent()).count();
    }

    /** Lets time pass. */
    public void tick() {
        SessionSettings now = settings.get();
        admission.all().forEach(session -> lookAfter(session, () -> session.tick(limits(session, now))));
        List<SessionRoom> there = rooms.inOrder();
        admission.all().forEach(session -> lookAfter(session, () -> rooms.welcome(session, there, executors.vms())));
    }

    /** One session that breaks keeps no other from its turn. */
    private static void lookAfter(SessionActor session, Runnable turn) {
        try {
            turn.run();
        } catch (RuntimeException | Error e) {
            SessionMessage.UNEXPECTED.log(LOG, e, "looking after session " + session.key(), e.toString());
        }
    }

    private static Limits limits(SessionActor session, SessionSettings settings) {
        Limits limits = settings.limits(session.key().runtime());
        return session.state().lease().map(lease -> limits.with(lease.terms())).orElse(limits).idleFor(session.idleTimeout());
    }

    /**
     * Goes on with a session of the earlier run, in the VM that the driver has taken up for it. Blocks as rooms do.
     *
     * @param record of a session that served
     * @return whether it is in this run's hands now; if not, or it throws, the caller sees to the VM
     * @throws RuntimeException it cannot go on
     */
    boolean goOn(SessionRecord record, Kept kept, Vm vm) {
        return goOn(SessionState.goingOn(record, kept, lease(record.view(), kept), vm, crew.times()), record.view().digest(), kept,
                session -> rooms.resume(session, vm));
    }

    /**
     * Goes on with a session that the earlier run has put on the disk, where it stays until somebody asks for it. Blocks as rooms do.
     *
     * @param record of a session that served
     * @return whether it is in this run's hands now; if not, or it throws, the caller sees to {@code saved}
     * @throws RuntimeException it cannot go on
     */
    boolean goOn(SessionRecord record, Kept kept, Snapshot saved) {
        return goOn(SessionState.onTheDisk(record, kept, lease(record.view(), kept), saved, crew.times()), record.view().digest(), kept,
                session -> hibernation.found(saved));
    }

    private AgentLease lease(SessionView view, Kept kept) {
        return agents.kept(view.runtime(), view.digest(), new AgentPaths(AgentPaths.STANDARD.ping(), kept.agent().path()),
                new SessionTerms(kept.agent().idleTimeout(), kept.agent().maxLifetime(), Map.of(), kept.agent().headers()),
                kept.agent().passesToken());
    }

    private boolean goOn(SessionState state, String digest, Kept kept, Consumer<SessionActor> takeUp) {
        SessionActor session = SessionActor.goingOn(state, kept.idleTimeout(), crew);
        if (!admission.readmit(session)) {
            return false;
        }
        try {
            rooms.join(session, digest);
            takeUp.accept(session);
        } catch (RuntimeException | Error e) {
            admission.gone(session);
            rooms.leave(session);
            throw e;
        }
        session.goOn();
        return true;
    }

    /**
     * Lets no more sessions and requests in, and waits for those at work, for as long as is configured. Blocks.
     *
     * @throws InterruptedException whoever waits is to wait no longer
     */
    public void drain() throws InterruptedException {
        admission.close();
        new Drain(crew.listeners(), admission::all).await(settings.get().stopping());
    }

    /**
     * Lets no more sessions in and ends or leaves all; completes when each VM is gone or left, or has failed to go once.
     *
     * @param onStop what becomes of those that serve; others are ended
     */
    public CompletableFuture<Void> close(OnStop onStop) {
        admission.close();
        return CompletableFuture.allOf(admission.all().stream()
                .map(session -> (onStop == OnStop.KEEP ? session.leave() : session.end(EndReason.serverStopped()))
                        .<Void>handle((view, failure) -> null))
                .toArray(CompletableFuture<?>[]::new));
    }

    /** How many have a VM or are about to get one. */
    public int all() {
        return admission.all().size();
    }

    /**
     * Leaves those at once to the next run whose rooms or hypervisor have kept them from being left so far, so that nobody takes their VMs for
     * what may be destroyed. Blocks for {@code patience} at most.
     */
    public void leaveThoseHeldUp(Duration patience) {
        CompletableFuture.allOf(admission.all().stream().filter(session -> session.life() instanceof Left)
                .flatMap(session -> session.state().held().map(Held::vm).stream())
                .map(this::left).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    private CompletableFuture<Void> left(Vm vm) {
        try {
            return CompletableFuture.runAsync(vm::leave, executors.vms());
        } catch (RuntimeException | Error noThread) {
            vm.leave();
            return CompletableFuture.completedFuture(null);
        }
    }

    private SessionView ended(SessionKey key, Caller caller) {
        Optional<SessionRecord> record = crew.records().ledger().latest(key.runtime(), key.sessionId());
        if (record.isEmpty()) {
            checkKnown(key.runtime());
            throw new RequestException(Kind.NOT_FOUND,
                    "Agent runtime " + key.runtime() + " has no session " + key.sessionId() + ".");
        }
        Owners.checkMayUse(key, record.get().view().subject(), caller);
        return record.get().view();
    }

    private void checkKnown(String runtime) {
        if (admission.all().stream().noneMatch(session -> session.key().runtime().equals(runtime))) {
            agents.checkKnown(runtime);
        }
    }
}

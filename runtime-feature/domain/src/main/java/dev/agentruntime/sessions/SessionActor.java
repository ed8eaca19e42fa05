package dev.agentruntime.sessions;

import dev.agentruntime.agents.AgentLease;
import dev.agentruntime.api.Causes;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionOrigin;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.store.Account;
import dev.agentruntime.store.SessionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * One session: takes events, and has what follows from them carried out, strictly in turn. What concerns its VM runs on a
 * thread of its own; all else runs at once on the thread that brought the event and does not block. Thread-safe; no method
 * blocks.
 */
final class SessionActor implements Account {

    private record Waiter(CompletableFuture<Invocation> answer, SessionOrigin origin, Instant began) {}

    /** What an event has led to, and who is answered. */
    private record Applied(SessionLife life, List<Runnable> answers) {}

    private final Crew crew;
    private final String qualifier;
    private final Outbox outbox = new Outbox();
    private final Lane lane;
    private final List<Waiter> waiters = new ArrayList<>();
    private final List<CompletableFuture<SessionView>> stoppers = new ArrayList<>();
    private final Optional<Origin> origin;
    private final List<CompletableFuture<Origin.Shared>> forkers = new ArrayList<>();
    private final DiskAskers diskAskers = new DiskAskers();
    private volatile SessionState state;
    private volatile Optional<Duration> idleTimeout;

    /** @param qualifier the endpoint that it begins on; empty text for the standard one */
    SessionActor(SessionState.Identity identity, String qualifier, Crew crew) {
        this(identity, qualifier, Optional.empty(), Optional.empty(), crew);
    }

    /**
     * @param origin      what it begins with, where that is the memory of another
     * @param idleTimeout how long it may be idle, where that is not what its agent says
     */
    SessionActor(SessionState.Identity identity, String qualifier, Optional<Origin> origin, Optional<Duration> idleTimeout, Crew crew) {
        this.idleTimeout = idleTimeout;
        this.origin = origin;
        this.crew = crew;
        this.qualifier = qualifier;
        this.lane = new Lane(crew.vms(), order -> crew.work().carryOut(order, this).ifPresent(this::post));
        this.state = SessionState.begun(identity, SessionLife.begin(crew.times().now()).life());
    }

    /** One that an earlier run of the server has begun. */
    private SessionActor(SessionState state, Optional<Duration> idleTimeout, Crew crew) {
        this.origin = Optional.empty();
        this.crew = crew;
        this.qualifier = "";
        this.lane = new Lane(crew.vms(), order -> crew.work().carryOut(order, this).ifPresent(this::post));
        this.state = state;
        this.idleTimeout = idleTimeout;
    }

    static SessionActor goingOn(SessionState state, Optional<Duration> idleTimeout, Crew crew) {
        return new SessionActor(state, idleTimeout, crew);
    }

    /** Carries out the first orders; called once. */
    void begin() {
        carryOutFirst(SessionLife.begin(state.life().createdAt()));
    }

    /** Carries out the first orders of one that goes on; called once. */
    void goOn() {
        carryOutFirst(state.life() instanceof Hibernated hibernated ? SessionLife.restOn(hibernated)
                : SessionLife.goOn(state.life().createdAt(), state.life().lastActivityAt(crew.times().now())));
    }

    private void carryOutFirst(Step step) {
        step.orders().forEach(order -> outbox.add(() -> carryOut(order)));
        outbox.empty();
    }

    /** What is to happen happens in the order of the posts; returns the life after {@code event}. */
    SessionLife post(LifeEvent event) {
        return finish(apply(event));
    }

    /** Lets time pass. What follows runs on a thread of the session's: callers may be told, at their own pace. */
    void tick(Limits limits) {
        lane.pump();
        LifeEvent.Tick tick = new LifeEvent.Tick(crew.times().now(), limits);
        SessionLife life = state.life();
        Step step = life.next(tick);
        if (step.life() != life || step.orders().stream().anyMatch(this::isDue)) {
            crew.vms().execute(() -> post(tick));
        }
    }

    /** How long it may be idle, where that was changed for it alone. */
    Optional<Duration> idleTimeout() {
        return idleTimeout;
    }

    /** The next run of the server is to know, too, and a session at rest may have nothing else to be written for long. */
    void changeIdleTimeout(Duration changed) {
        idleTimeout = Optional.of(changed);
        crew.records().write(this, Order.Haste.AT_ONCE);
    }

    /** Completes when the VM serves it, or with RequestException. */
    CompletableFuture<Invocation> request() {
        CompletableFuture<Invocation> answer = new CompletableFuture<>();
        Applied applied;
        synchronized (this) {
            Instant now = crew.times().now();
            SessionOrigin origin = state.life() instanceof Starting ? state.identity().origin() : SessionOrigin.CONTINUED;
            waiters.add(new Waiter(answer, origin, now));
            applied = apply(new LifeEvent.RequestBegan(now));
        }
        finish(applied);
        return answer;
    }

    /** Completes when its VM is gone, or with RequestException when that takes long or has failed for now. */
    CompletableFuture<SessionView> end(EndReason reason) {
        return stop(() -> new LifeEvent.End(crew.times().now(), reason));
    }

    /** Completes when it is left to the next run of the server, in its VM or on the disk; one that has not begun to serve is ended instead. */
    CompletableFuture<SessionView> leave() {
        return stop(() -> state.life().mayBeLeft()
                ? new LifeEvent.Leave(crew.times().now()) : new LifeEvent.End(crew.times().now(), EndReason.serverStopped()));
    }

    private CompletableFuture<SessionView> stop(Supplier<LifeEvent> how) {
        CompletableFuture<SessionView> answer = new CompletableFuture<>();
        Applied applied;
        synchronized (this) {
            stoppers.add(answer);
            applied = apply(how.get());
        }
        finish(applied);
        return answer;
    }

    /** Completes with what was written down of it, which whoever asks closes; or with RequestException. */
    CompletableFuture<Origin.Shared> fork() {
        CompletableFuture<Origin.Shared> answer = new CompletableFuture<>();
        Applied applied;
        boolean begun;
        synchronized (this) {
            boolean before = state.life() instanceof Forking;
            applied = apply(new LifeEvent.ForkAsked(crew.times().now()));
            begun = !before && applied.life() instanceof Forking;
            if (begun) {
                forkers.add(answer);
            }
        }
        finish(applied);
        if (!begun) {
            answer.completeExceptionally(notNow(applied.life()));
        }
        return answer;
    }

    private RequestException notNow(SessionLife life) {
        return life.isOver()
                ? new RequestException(Kind.NOT_FOUND, "Session " + key().sessionId() + " has ended.")
                : new RequestException(Kind.RETRYABLE_CONFLICT, "Session " + key().sessionId() + " cannot be forked now, only while it"
                        + " is idle: when its requests have ended, its agent is not busy, and no other fork of it is under way. One that is"
                        + " on the disk comes back with a request.");
    }

    /** Completes with it as it is on the disk, or with RequestException. */
    CompletableFuture<SessionView> hibernate() {
        CompletableFuture<SessionView> answer = new CompletableFuture<>();
        Applied applied;
        synchronized (this) {
            diskAskers.add(answer);
            applied = apply(new LifeEvent.HibernateAsked(crew.times().now()));
        }
        finish(applied);
        return answer;
    }

    /** Those who wait for it to be written down, who are answered by whoever asks. */
    synchronized List<CompletableFuture<Origin.Shared>> takeForkers() {
        return taken(forkers);
    }

    /** What it begins with, where that is the memory of another. */
    Optional<Origin> origin() {
        return origin;
    }

    /** Who is told is settled here: whoever comes after the event is not meant by its orders. */
    private synchronized Applied apply(LifeEvent event) {
        Step step = state.life().next(event);
        state = state.after(event, step.life());
        List<Runnable> answers = new ArrayList<>();
        for (Order order : step.orders()) {
            if (order instanceof Order.Serve) {
                taken(waiters).forEach(waiter -> answers.add(() -> serve(waiter)));
            } else if (order instanceof Order.Refuse refuse) {
                taken(waiters).forEach(waiter -> answers.add(() ->
                        tell(() -> waiter.answer().completeExceptionally(refuse.fault().exception()))));
            } else {
                outbox.add(bound(order));
            }
        }
        diskAskers.answers(key(), event, step.life(), this::view).forEach(answer -> answers.add(() -> tell(answer)));
        return new Applied(step.life(), answers);
    }

    /** Whoever brought the event tells the callers: one that does not come back holds up nobody who waits for another event. */
    private SessionLife finish(Applied applied) {
        outbox.empty();
        applied.answers().forEach(Runnable::run);
        return applied.life();
    }

    private Runnable bound(Order order) {
        if (order instanceof Order.Tell tell && tell.news() instanceof News.IsGone) {
            List<CompletableFuture<SessionView>> told = taken(stoppers);
            return () -> told.forEach(stopper -> tell(() -> stopper.complete(view())));
        }
        if (order instanceof Order.Tell tell && tell.news() instanceof News.IsNotGone not) {
            List<CompletableFuture<SessionView>> told = taken(stoppers);
            return () -> told.forEach(stopper -> tell(() -> stopper.completeExceptionally(not.fault().exception())));
        }
        return () -> carryOut(order);
    }

    /** A caller that does not come back from its answer must not keep the VM from being destroyed. */
    private void tell(Runnable answer) {
        Handover.to(crew.vms(), answer);
    }

    private static <T> List<T> taken(List<T> all) {
        List<T> taken = List.copyOf(all);
        all.clear();
        return taken;
    }

    private void carryOut(Order order) {
        if (order instanceof Order.OnVm onVm) {
            if (isDue(onVm)) {
                lane.add(onVm);
            }
        } else if (order instanceof Order.Record record) {
            crew.records().write(this, record.haste());
        } else if (order instanceof Order.Tell tell) {
            crew.teller().tell(this, tell.news());
        } else if (order instanceof Order.Lease) {
            lease();
        }
    }

    private boolean isDue(Order order) {
        return !(order instanceof Order.ReadMeter read) || read.unlessWithin().isZero()
                || state.metering().filter(meter -> !meter.readAt().plus(read.unlessWithin()).isAfter(crew.times().now())).isPresent();
    }

    private void serve(Waiter waiter) {
        LiveInvocation invocation = new LiveInvocation(crew.times(), crew.listeners(), crew.rooms(), this,
                state.held().orElseThrow().vm(), state.lease(), waiter.origin(), waiter.began());
        if (!waiter.answer().complete(invocation)) {
            invocation.close();
        }
    }

    /** A version that is there costs no thread; one that has to be waited for comes on a thread of the session's. */
    private void lease() {
        if (origin.isPresent()) {
            leased(origin.get().lease(), null);
            return;
        }
        CompletableFuture<AgentLease> lease = crew.agents().lease(key().runtime(), qualifier).toCompletableFuture();
        if (lease.isDone()) {
            lease.whenComplete(this::leased);
        } else {
            lease.whenComplete((held, failure) -> Handover.to(crew.vms(), () -> leased(held, failure)));
        }
    }

    private void leased(AgentLease lease, Throwable failure) {
        if (failure == null) {
            update(state -> state.leased(Optional.of(lease)));
            post(new LifeEvent.Leased(crew.times().now()));
        } else {
            post(new LifeEvent.StartFailed(crew.times().now(), crew.work().fault(this, Causes.bare(failure))));
        }
    }

    /** The state after {@code change}. */
    synchronized SessionState update(UnaryOperator<SessionState> change) {
        state = change.apply(state);
        return state;
    }

    SessionState state() {
        return state;
    }

    SessionLife life() {
        return state.life();
    }

    SessionKey key() {
        return state.identity().key();
    }

    SessionView view() {
        return state.view(crew.times());
    }

    @Override
    public String rowId() {
        return state.identity().rowId();
    }

    @Override
    public SessionRecord record() {
        return state.record(crew.records().serverId(), crew.times(), idleTimeout);
    }
}

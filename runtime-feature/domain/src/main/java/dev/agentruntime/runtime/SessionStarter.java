package dev.agentruntime.runtime;

import dev.agentruntime.agents.AgentLease;
import dev.agentruntime.agents.Agents;
import dev.agentruntime.agents.WaitingVm;
import dev.agentruntime.api.Durations;
import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.logging.Logger;

/** Gives a session its VM: one that waits for it, or a new one; has it begin and takes the baseline. */
final class SessionStarter {

    private static final Logger LOG = Logger.getLogger(SessionStarter.class.getName());

    private final Environment environment;
    private final SessionMoves moves;
    private final Agents agents;

    SessionStarter(Environment environment, SessionMoves moves, Agents agents) {
        this.environment = environment;
        this.moves = moves;
        this.agents = agents;
    }

    /** Does not block; {@link Session#serving()} tells how it went. */
    void start(Session session) {
        agents.lease(session.key().runtime()).whenComplete(told((lease, failure) -> {
            if (failure != null) {
                fail(session, refusal(session, unwrapped(failure)));
                return;
            }
            Optional<WaitingVm> waiting = lease.takeWaiting();
            Executor threads = waiting.isPresent() ? environment.workers().wakes() : environment.workers().starts();
            threads.execute(() -> run(session, lease, waiting));
        }));
    }

    private void run(Session session, AgentLease lease, Optional<WaitingVm> waiting) {
        try (lease; AgentLease.Starting starting = lease.starting()) {
            if (!session.claimStart()) {
                waiting.ifPresent(WaitingVm::drop);
            } else if (waiting.isEmpty() || !begun(session, lease, waiting.get())) {
                begin(session, started(() -> lease.start(session.tenant())), lease.digest(), 0);
            }
        } catch (RuntimeException e) {
            fail(session, refusal(session, e));
        } finally {
            session.startDone();
        }
    }

    /** Whether a VM that waited serves now; the session need not suffer from one that spoilt while waiting. */
    private boolean begun(Session session, AgentLease lease, WaitingVm waiting) {
        try {
            begin(session, waiting.vm(), lease.digest(), waiting.chargedCpuNanos());
            return true;
        } catch (VmException e) {
            session.letGo();
            waiting.drop(e.getMessage());
            return false;
        }
    }

    /** VMs that wait for sessions give way to a session that finds no room. */
    private Vm started(Supplier<Vm> start) {
        try {
            return start.get();
        } catch (NoRoomException e) {
            if (agents.makeRoom(e.missingBytes()) == 0) {
                throw e;
            }
            return start.get();
        }
    }

    private void begin(Session session, Vm vm, String version, long chargedCpuNanos) {
        session.hold(vm, version, chargedCpuNanos);
        vm.begin(session.key().sessionId());
        vm.death().thenAcceptAsync(
                how -> moves.apply(session, new LifeEvent.Ended(environment.now(), Ending.vmDied(how))),
                environment.workers().work());
        MeterReading baseline = vm.read();
        Session.Transition transition = session.serve(baseline, environment.now());
        if (!transition.moved()) {
            return;
        }
        environment.listeners().tell(listener -> listener.platformUsed(PlatformWork.START, baseline.cpuNanos() - chargedCpuNanos));
        SessionView view = session.view(environment.now());
        Duration took = view.startTime().orElse(Duration.ZERO);
        Message.SESSION_STARTED.log(LOG, session.key(), Durations.text(took), vm.startMode(), vm.name());
        moves.react(session, transition);
        environment.listeners().tell(
                listener -> listener.sessionStarted(session.key().runtime(), vm.startMode(), took));
        session.serving().complete(vm);
    }

    private void fail(Session session, RequestException refusal) {
        session.serving().completeExceptionally(refusal);
        moves.apply(session, new LifeEvent.Ended(environment.now(), Ending.startFailed(refusal.getMessage())));
    }

    private RequestException refusal(Session session, Throwable failure) {
        if (failure instanceof RequestException refused) {
            return refused;
        }
        Message.SESSION_START_FAILED.log(LOG, failure, session.key(), failure.toString());
        if (failure instanceof AgentStartException agent) {
            environment.listeners().tell(listener -> listener.failed(session.key().runtime(), PlatformFailure.AGENT_START));
            return new RequestException(Kind.AGENT, "The agent did not start: " + agent.getMessage(), agent.log(), agent);
        }
        environment.listeners().tell(listener -> listener.failed(session.key().runtime(), PlatformFailure.VM_START));
        return new RequestException(Kind.PLATFORM, "The session's VM could not be started: " + failure.getMessage(),
                failure);
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** A fault in a callback would be swallowed by the future. */
    private static <T> BiConsumer<T, Throwable> told(BiConsumer<T, Throwable> callback) {
        return (value, failure) -> {
            try {
                callback.accept(value, failure);
            } catch (RuntimeException e) {
                Message.UNEXPECTED.log(LOG, e, "starting a session", e.toString());
            }
        };
    }
}

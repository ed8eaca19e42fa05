package dev.agentruntime.runtime;

import dev.agentruntime.runtime.RequestException.Kind;
import dev.agentruntime.runtime.spi.AgentStartException;
import dev.agentruntime.runtime.spi.MeterReading;
import dev.agentruntime.runtime.spi.Vm;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.logging.Logger;

/** Gives a session its VM: waits for the agent's template, starts a VM, has it begin, takes the baseline. */
final class SessionStarter {

    private static final Logger LOG = Logger.getLogger(SessionStarter.class.getName());

    private final Environment environment;
    private final SessionMoves moves;

    SessionStarter(Environment environment, SessionMoves moves) {
        this.environment = environment;
        this.moves = moves;
    }

    /** Does not block; {@link Session#serving()} tells how it went. */
    void start(Session session, AgentRuntime runtime) {
        runtime.lease().whenComplete(told((lease, failure) -> {
            if (failure != null) {
                fail(session, refusal(session, unwrapped(failure)));
            } else {
                environment.workers().starts().execute(() -> run(session, lease));
            }
        }));
    }

    private void run(Session session, AgentVersion.Lease lease) {
        try (lease) {
            if (session.claimStart()) {
                begin(session, lease);
            }
        } catch (RuntimeException e) {
            fail(session, refusal(session, e));
        } finally {
            session.startDone();
        }
    }

    private void begin(Session session, AgentVersion.Lease lease) {
        Vm vm = lease.template().start();
        session.hold(vm, lease.version());
        vm.death().thenAcceptAsync(
                how -> moves.apply(session, new LifeEvent.Ended(environment.now(), Ending.vmDied(how))),
                environment.workers().work());
        vm.begin(session.key().sessionId());
        MeterReading baseline = vm.read();
        Session.Transition transition = session.serve(baseline, environment.now());
        if (!transition.moved()) {
            return;
        }
        environment.listeners().tell(listener -> listener.platformUsed("start", baseline.cpuNanos()));
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
            environment.listeners().tell(listener -> listener.failed(session.key().runtime(), "agent_start"));
            return new RequestException(Kind.AGENT, "The agent did not start: " + agent.getMessage(), agent.log(), agent);
        }
        environment.listeners().tell(listener -> listener.failed(session.key().runtime(), "vm_start"));
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

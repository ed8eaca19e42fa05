package dev.agentruntime.runtime;

import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.store.LedgerKeeper;

/** Applies events to sessions and reacts to what changed: listeners, ledger, and the end of the VM. Does not block. */
final class SessionMoves {

    private final Environment environment;
    private final LedgerKeeper ledger;
    private final SessionEnder ender;
    private final Pauses pauses;

    SessionMoves(Environment environment, LedgerKeeper ledger, SessionEnder ender) {
        this.environment = environment;
        this.ledger = ledger;
        this.ender = ender;
        this.pauses = new Pauses(environment, this::apply);
    }

    void began(Session session) {
        environment.listeners().tell(listener ->
                listener.sessionBegan(session.key().runtime()));
        ledger.markNow(session.account(environment));
    }

    Session.Transition apply(Session session, LifeEvent event) {
        Session.Transition transition = session.apply(event);
        react(session, transition);
        return transition;
    }

    void react(Session session, Session.Transition transition) {
        pauses.react(session, transition);
        if (!transition.moved()) {
            return;
        }
        environment.listeners().tell(listener -> listener.sessionMoved(
                session.key().runtime(), transition.before().status(), transition.after().status()));
        if (transition.after() instanceof SessionLife.Terminated over) {
            ended(session, over.ending());
        } else if (transition.before() instanceof SessionLife.Provisioning) {
            ledger.markNow(session.account(environment));
        } else {
            ledger.mark(session.account(environment));
        }
    }

    private void ended(Session session, Ending ending) {
        String runtime = session.key().runtime();
        environment.listeners().tell(listener -> listener.sessionEnded(runtime, ending.code().name()));
        if (ending.code() == Ending.Code.VM_DIED) {
            environment.listeners().tell(listener -> listener.failed(runtime, PlatformFailure.VM_DEATH));
        }
        ledger.markNow(session.account(environment));
        session.serving().completeExceptionally(new RequestException(refusalKind(ending), ending.sentence()));
        session.abandonStart();
        ender.end(session);
    }

    /** What those are told who still wait for the VM. */
    private static Kind refusalKind(Ending ending) {
        return switch (ending.code()) {
            case STOPPED, START_FAILED -> Kind.RETRYABLE_CONFLICT;
            default -> Kind.PLATFORM;
        };
    }
}

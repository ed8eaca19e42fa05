package dev.agentruntime.runtime;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.logging.Logger;

/** Pauses the VMs of sessions that rest and resumes them for the next request. Does not block. */
final class Pauses {

    private static final Logger LOG = Logger.getLogger(Pauses.class.getName());

    private final Environment environment;
    private final BiConsumer<Session, LifeEvent> events;

    /** @param events applies what happens to a session here */
    Pauses(Environment environment, BiConsumer<Session, LifeEvent> events) {
        this.environment = environment;
        this.events = events;
    }

    void react(Session session, Session.Transition transition) {
        if (transition.fellAsleep()) {
            session.vm().ifPresent(vm -> environment.workers().wakes().execute(() -> pause(session, vm)));
        } else if (transition.wokeUp()) {
            CompletableFuture<Vm> awake = session.awake();
            session.vm().ifPresent(vm -> environment.workers().wakes().execute(() -> resume(session, vm, awake)));
        }
    }

    /** A request that came in the meantime has the last word. */
    private void pause(Session session, Vm vm) {
        try {
            synchronized (session.pausing()) {
                if (session.life() instanceof SessionLife.Paused) {
                    vm.pause();
                }
            }
        } catch (VmException e) {
            Message.PAUSE_FAILED.log(LOG, session.key(), e.getMessage());
        }
    }

    private void resume(Session session, Vm vm, CompletableFuture<Vm> awake) {
        try {
            synchronized (session.pausing()) {
                vm.resume();
            }
            awake.complete(vm);
        } catch (VmException e) {
            awake.completeExceptionally(new RequestException(Kind.PLATFORM,
                    "The paused VM of session " + session.key() + " could not be resumed: " + e.getMessage(), e));
            events.accept(session, new LifeEvent.Ended(environment.now(),
                    Ending.vmDied("it was paused and could not be resumed: " + e.getMessage())));
        }
    }
}

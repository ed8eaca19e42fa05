package dev.agentruntime.sessions;

import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.PlainText;
import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.sessions.SessionState.Held;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.Vm;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Destroys the VMs of sessions and takes their last readings. Blocks. */
final class VmEnd {

    private static final Logger LOG = Logger.getLogger(VmEnd.class.getName());

    private final Times times;
    private final Listeners listeners;
    private final Rooms rooms;
    private final Farewell farewell;

    VmEnd(Times times, Listeners listeners, Rooms rooms, Farewell farewell) {
        this.times = times;
        this.listeners = listeners;
        this.rooms = rooms;
        this.farewell = farewell;
    }

    LifeEvent end(SessionActor session) {
        if (session.life() instanceof Ending ending && ending.reason().code() == EndCode.BUDGET) {
            session.state().held().ifPresent(held -> still(session, held.vm()));
        }
        // What the agent says and sends then is still logged and passed on.
        farewell.say(session);
        rooms.leave(session);
        try {
            session.state().spoilt().forEach(vm -> {
                charge(session, vm.destroy().cpuNanos());
                session.update(state -> state.without(vm));
            });
            session.state().held().ifPresent(held -> destroy(session, held));
            session.update(state -> state.closed(times.wallNow()));
            return new LifeEvent.Destroyed(times.now());
        } catch (RuntimeException | Error e) {
            return failed(session, e);
        }
    }

    /** What has used up its budget uses nothing more while rooms leave and the VM is taken down. Destroyed it is in any case. */
    private static void still(SessionActor session, Vm vm) {
        try {
            vm.pause();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.FINE, e, () -> "The VM of session " + session.key() + " could not be paused before its end.");
        }
    }

    /** The next run of the server goes on with the VM. */
    void leave(SessionActor session) {
        rooms.leave(session);
        session.state().held().ifPresent(held -> held.vm().leave());
    }

    private void destroy(SessionActor session, Held held) {
        MeterReading last = held.vm().destroy();
        if (session.state().metering().isPresent()) {
            Meters.take(session, last, times.now(), listeners);
        } else {
            charge(session, last.cpuNanos() - held.chargedCpuNanos());
        }
    }

    /** A hypervisor that is away is logged once, however often it is asked again. */
    private LifeEvent failed(SessionActor session, Throwable failure) {
        String why = PlainText.of(String.valueOf(failure.getMessage()));
        boolean away = failure instanceof HypervisorAwayException;
        if (!away || session.life() instanceof Ending ending && ending.destruction().failures() == 0) {
            SessionMessage.DESTROY_FAILED.log(LOG, failure, session.key(), why);
        }
        listeners.tell(listener -> listener.failed(session.key().runtime(), PlatformFailure.DESTROY));
        return new LifeEvent.NotDestroyed(times.now(), away ? Reach.AWAY : Reach.FINAL, why);
    }

    /** The session goes on without {@code held}, which is destroyed at the latest together with the session's own VM. */
    void spoilt(SessionActor session, Held held) {
        spoilt(session, held.vm(), held.chargedCpuNanos());
    }

    /** The same of a VM that it has never held. */
    void spoilt(SessionActor session, Vm vm) {
        spoilt(session, vm, 0);
    }

    private void spoilt(SessionActor session, Vm vm, long chargedCpuNanos) {
        session.update(state -> state.spoilt(vm));
        try {
            charge(session, vm.destroy().cpuNanos() - chargedCpuNanos);
            session.update(state -> state.without(vm));
        } catch (RuntimeException | Error e) {
            SessionMessage.DESTROY_FAILED.log(LOG, e, session.key(), PlainText.of(String.valueOf(e.getMessage())));
        }
    }

    private void charge(SessionActor session, long cpuNanos) {
        listeners.tell(listener -> listener.platformUsed(PlatformWork.START, Math.max(0, cpuNanos)));
    }
}

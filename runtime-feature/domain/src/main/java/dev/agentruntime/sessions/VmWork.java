package dev.agentruntime.sessions;

import dev.agentruntime.agents.AgentLease;
import dev.agentruntime.api.PlainText;
import dev.agentruntime.sessions.SessionState.Held;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Carries out orders to the VMs of sessions, on the thread that asks. Blocks for as long as a guest, a hook or the hypervisor likes. */
final class VmWork {

    private static final Logger LOG = Logger.getLogger(VmWork.class.getName());

    private final Times times;
    private final VmStart starts;
    private final VmEnd ends;
    private final Hibernation hibernation;
    private final ForkWriter forks;
    private final StartFaults faults;
    private final Listeners listeners;

    VmWork(Times times, VmStart starts, VmEnd ends, Hibernation hibernation, ForkWriter forks, StartFaults faults, Listeners listeners) {
        this.times = times;
        this.starts = starts;
        this.ends = ends;
        this.hibernation = hibernation;
        this.forks = forks;
        this.faults = faults;
        this.listeners = listeners;
    }

    /** What came of it; empty where nobody waits for that. Throws nothing that the order's answer could say. */
    Optional<LifeEvent> carryOut(Order.OnVm order, SessionActor session) {
        if (order instanceof Order.Start) {
            return Optional.of(starts.start(session));
        }
        if (order instanceof Order.Pause) {
            return session.state().held().map(held -> pause(session, held.vm()));
        }
        if (order instanceof Order.Hibernate) {
            return session.state().held().map(held -> paused(session, held.vm()).orElseGet(() -> hibernation.hibernate(session, held)));
        }
        if (order instanceof Order.Fork) {
            forks.fork(session);
            return Optional.of(new LifeEvent.Forked(times.now()));
        }
        if (order instanceof Order.Resume) {
            return session.state().held().map(held -> resume(session, held));
        }
        if (order instanceof Order.ReadMeter) {
            read(session);
            return Optional.of(new LifeEvent.Read(times.now()));
        }
        if (order instanceof Order.Destroy) {
            LifeEvent ended = ends.end(session);
            hibernation.forget(session);
            return Optional.of(ended);
        }
        if (order instanceof Order.Leave) {
            return Optional.of(leave(session));
        }
        Optional<AgentLease> lease = session.state().lease();
        session.update(state -> state.leased(Optional.empty()));
        lease.ifPresent(AgentLease::close);
        return Optional.empty();
    }

    /** Why a session has no VM, for callers and the log. */
    Fault fault(SessionActor session, Throwable failure) {
        return faults.of(session, failure);
    }

    /** Before it goes to the disk. Empty where it stands still, or is there already; else why it does not go. */
    private Optional<LifeEvent> paused(SessionActor session, Vm vm) {
        return session.state().saved().isPresent() || vm.isPaused()
                ? Optional.empty() : Optional.of(pause(session, vm)).filter(LifeEvent.PauseFailed.class::isInstance);
    }

    private LifeEvent pause(SessionActor session, Vm vm) {
        try {
            vm.pause();
            return new LifeEvent.PauseDone(times.now());
        } catch (HypervisorAwayException e) {
            away(session, session.life() instanceof Pausing pausing ? pausing.pause() : Attempt.begun(times.now()), e);
            return new LifeEvent.PauseFailed(times.now(), Reach.AWAY);
        } catch (RuntimeException | Error e) {
            SessionMessage.PAUSE_FAILED.log(LOG, session.key(), PlainText.of(String.valueOf(e.getMessage())));
            return new LifeEvent.PauseFailed(times.now(), Reach.FINAL);
        }
    }

    /** What nobody foresaw says nothing of the VM; only the driver's word ends a session. */
    private LifeEvent resume(SessionActor session, Held held) {
        try {
            Optional<Snapshot> saved = session.state().saved();
            if (saved.isPresent()) {
                hibernation.revive(session, held, saved.get());
            } else {
                held.vm().resume();
            }
            return new LifeEvent.Woke(times.now());
        } catch (HypervisorAwayException | NoRoomException e) {
            away(session, session.life() instanceof Waking waking ? waking.resume() : Attempt.begun(times.now()), e);
            return new LifeEvent.WakeFailed(times.now(), Reach.AWAY, e.getMessage());
        } catch (VmException e) {
            return new LifeEvent.WakeFailed(times.now(), Reach.FINAL, e.getMessage());
        } catch (RuntimeException | Error e) {
            SessionMessage.UNEXPECTED.log(LOG, e, "resuming the VM of session " + session.key(), e.toString());
            return new LifeEvent.WakeFailed(times.now(), Reach.AWAY, String.valueOf(e.getMessage()));
        }
    }

    /** Whatever fails: the next run of the server finds the VM as it is. */
    private LifeEvent leave(SessionActor session) {
        try {
            read(session);
            ends.leave(session);
        } catch (RuntimeException | Error e) {
            SessionMessage.UNEXPECTED.log(LOG, e, "leaving session " + session.key() + " to the next run of the server", e.toString());
        }
        return new LifeEvent.Departed(times.now());
    }

    /** Told once, however often it is tried again. */
    private static void away(SessionActor session, Attempt attempt, VmException e) {
        if (attempt.failures() == 0) {
            SessionMessage.HYPERVISOR_AWAY.log(LOG, session.key(), PlainText.of(String.valueOf(e.getMessage())));
        }
    }

    /** A meter that cannot be read leaves the usage as it was; after the VM's end its last reading counts. */
    private void read(SessionActor session) {
        if (session.life() instanceof Hibernated) {
            session.update(state -> state.metering(meter -> meter.resting(times.now())));
            return;
        }
        if (session.life().isOver() || session.state().metering().isEmpty() || session.state().saved().isPresent()) {
            return;
        }
        session.state().held().ifPresent(held -> {
            try {
                Meters.take(session, held.vm(), held.vm().read(), times.now(), listeners);
            } catch (VmException e) {
                if (session.life().isOver()) {
                    LOG.log(Level.FINE, e, () -> "The VM of session " + session.key() + " ended during a reading.");
                } else {
                    SessionMessage.METER_FAILED.log(LOG, session.key(), PlainText.of(String.valueOf(e.getMessage())));
                }
            }
        });
    }
}

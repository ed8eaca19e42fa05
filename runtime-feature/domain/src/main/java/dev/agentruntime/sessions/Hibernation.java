package dev.agentruntime.sessions;

import dev.agentruntime.agents.AgentLease;
import dev.agentruntime.api.PlainText;
import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.sessions.SessionState.Held;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.NoDiskRoomException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongToIntFunction;
import java.util.logging.Logger;

/** Puts sessions on the disk and brings them back. Blocks. */
final class Hibernation {

    private static final Logger LOG = Logger.getLogger(Hibernation.class.getName());

    private final Times times;
    private final Listeners listeners;
    private final Rooms rooms;
    private final VmEnd ends;
    private final ColdStarts cold;
    private final LongToIntFunction makeRoom;
    private final HibernationDisk disk;
    private final Executor vms;

    /**
     * @param makeRoom as {@link VmStart}'s
     * @param vms      where a VM's death is taken
     */
    Hibernation(Times times, Listeners listeners, Rooms rooms, VmEnd ends, ColdStarts cold, LongToIntFunction makeRoom, HibernationDisk disk,
            Executor vms) {
        this.vms = vms;
        this.times = times;
        this.listeners = listeners;
        this.rooms = rooms;
        this.ends = ends;
        this.cold = cold;
        this.makeRoom = makeRoom;
        this.disk = disk;
    }

    /** Writes the session's VM to the disk, where that is not done yet, and destroys it. */
    LifeEvent hibernate(SessionActor session, Held held) {
        try {
            if (session.state().saved().isEmpty()) {
                Snapshot saved = disk.save(held.vm());
                session.update(state -> state.saved(Optional.of(saved)));
            }
        } catch (RuntimeException | Error e) {
            if (!(session.life() instanceof Hibernating hibernating) || hibernating.failures() == 0) {
                SessionMessage.NOT_HIBERNATED.log(LOG, session.key(), PlainText.of(String.valueOf(e.getMessage())));
            }
            return new LifeEvent.NotHibernated(times.now());
        }
        try {
            MeterReading last = held.vm().destroy();
            Meters.take(session, last, times.now(), listeners);
            session.update(state -> state.metering(Metering::withoutMemory));
            return new LifeEvent.Hibernated(times.now());
        } catch (RuntimeException | Error e) {
            SessionMessage.DESTROY_FAILED.log(LOG, e, session.key(), PlainText.of(String.valueOf(e.getMessage())));
            return new LifeEvent.NotDestroyed(times.now(), e instanceof HypervisorAwayException ? Reach.AWAY : Reach.FINAL,
                    String.valueOf(e.getMessage()));
        }
    }

    /**
     * Makes a VM of what is on the disk and lets it go on.
     *
     * @throws HypervisorAwayException ask again
     * @throws NoRoomException         ask again
     * @throws VmException             it will not go on
     */
    void revive(SessionActor session, Held before, Snapshot saved) {
        Vm vm = started(saved);
        Held held = new Held(vm, before.digest(), 0, Optional.empty());
        session.update(state -> state.holding(Optional.of(held)));
        try {
            rooms.open(session, vm);
            vm.resume();
            MeterReading baseline = vm.read();
            listeners.tell(listener -> listener.platformUsed(PlatformWork.START, baseline.cpuNanos()));
            session.update(state -> state.holding(Optional.of(new Held(vm, before.digest(), 0, Optional.of(baseline))))
                    .metering(meter -> meter.goingOn(baseline, times.now())));
        } catch (RuntimeException | Error e) {
            ends.spoilt(session, held);
            session.update(state -> state.holding(Optional.of(before)));
            throw e;
        }
        session.update(state -> state.saved(Optional.empty()));
        disk.drop(saved);
        rooms.moved(session, vm);
        vm.death().thenAccept(how -> Handover.to(vms, () -> session.post(new LifeEvent.Died(times.now(), how))));
    }

    /** Sessions come first: what waits for others has to make room when there is none. */
    private Vm started(Snapshot saved) {
        try {
            return cold.start(saved::start);
        } catch (NoRoomException e) {
            if (makeRoom.applyAsInt(e.missingBytes()) == 0) {
                throw e;
            }
            return cold.start(saved::start);
        }
    }

    /** Writes down a session for those who have asked for that, and answers them. Its VM stands still afterwards. */
    void fork(SessionActor session) {
        List<CompletableFuture<Origin.Shared>> askers = session.takeForkers();
        for (CompletableFuture<Origin.Shared> asker : askers) {
            try {
                Origin.Shared shared = written(session);
                Handover.to(vms, () -> {
                    if (!asker.complete(shared)) {
                        shared.close();
                    }
                });
            } catch (RuntimeException | Error e) {
                SessionMessage.NOT_FORKED.log(LOG, session.key(), PlainText.of(String.valueOf(e.getMessage())));
                Handover.to(vms, () -> asker.completeExceptionally(refusal(session, e)));
            }
        }
    }

    private Origin.Shared written(SessionActor session) {
        Held held = session.state().held().orElseThrow(() -> new VmException("The session has no VM"));
        AgentLease version = session.state().lease().orElseThrow(() -> new VmException("The session has ended")).again();
        try {
            held.vm().pause();
            return new Origin.Shared(disk.save(held.vm()), disk, version);
        } catch (RuntimeException | Error e) {
            version.close();
            throw e;
        }
    }

    private static RequestException refusal(SessionActor session, Throwable failure) {
        boolean later = failure instanceof HypervisorAwayException || failure instanceof NoDiskRoomException || session.life().isOver();
        return new RequestException(later ? Kind.RETRYABLE_CONFLICT : Kind.PLATFORM,
                PlainText.of("Session " + session.key().sessionId() + " was not forked: " + failure.getMessage()), failure);
    }

    /** An earlier run of the server has put it on the disk. */
    void found(Snapshot saved) {
        disk.found(saved);
    }

    /** The session has ended: removes what is on the disk of it. */
    void forget(SessionActor session) {
        session.origin().ifPresent(Origin::close);
        session.state().saved().ifPresent(disk::drop);
        session.update(state -> state.saved(Optional.empty()));
    }
}

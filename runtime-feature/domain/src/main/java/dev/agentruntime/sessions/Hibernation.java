package dev.agentruntime.sessions;

import dev.agentruntime.api.Durations;
import dev.agentruntime.api.PlainText;
import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.sessions.SessionState.Held;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongToIntFunction;
import java.util.logging.Logger;

/**
 * Puts sessions on the disk and brings them back. The ledger knows the way to a session at every moment, so that a crash loses none: it has
 * the file's key before the VM is destroyed, and the next VM before the file is removed. Blocks.
 */
final class Hibernation {

    private static final Logger LOG = Logger.getLogger(Hibernation.class.getName());
    /** For the ledger to write one record. A caller may wait for that. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** So often is looked whether it is still worth waiting. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Times times;
    private final Listeners listeners;
    private final Rooms rooms;
    private final VmEnd ends;
    private final ColdStarts cold;
    private final LongToIntFunction makeRoom;
    private final HibernationDisk disk;
    private final Records records;
    private final Executor vms;

    /**
     * @param makeRoom as {@link VmStart}'s
     * @param vms      where a VM's death is taken
     */
    Hibernation(Times times, Listeners listeners, Rooms rooms, VmEnd ends, ColdStarts cold, LongToIntFunction makeRoom, HibernationDisk disk,
            Records records, Executor vms) {
        this.records = records;
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
                save(session, held.vm());
            }
        } catch (RuntimeException | Error e) {
            if (!(session.life() instanceof Hibernating hibernating) || hibernating.failures() == 0) {
                SessionMessage.NOT_HIBERNATED.log(LOG, session.key(), PlainText.of(String.valueOf(e.getMessage())));
            }
            return new LifeEvent.NotHibernated(times.now(), HibernationDisk.fault(session, "put on the disk", e));
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

    /** On the disk and in the ledger, with what it has used, or in neither. */
    private void save(SessionActor session, Vm vm) {
        if (!records.ledger().isUp()) {
            throw new VmException("the ledger, which is to keep its key, cannot be written now");
        }
        Snapshot saved = disk.save(vm);
        try {
            Meters.take(session, vm.read(), times.now(), listeners);
            session.update(state -> state.saved(Optional.of(saved)));
            if (!isWritten(records.written(session))) {
                throw new VmException("the ledger did not take its key within " + Durations.text(PATIENCE));
            }
        } catch (RuntimeException | Error e) {
            session.update(state -> state.saved(Optional.empty()));
            disk.drop(saved);
            // One that was on its way when the time was up may still arrive with the key.
            records.write(session, Order.Haste.WITHIN_SECONDS);
            throw e;
        }
    }

    /** Waits for that as long as may be, and no longer once the ledger is away. */
    private boolean isWritten(CompletableFuture<Void> record) {
        Instant until = times.now().plus(PATIENCE);
        while (records.ledger().isUp() && times.now().isBefore(until)) {
            try {
                record.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException e) {
                // It is looked again whether there is still hope.
            } catch (ExecutionException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return record.isDone() && !record.isCompletedExceptionally();
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
        MeterReading baseline;
        try {
            rooms.open(session, vm);
            vm.resume();
            baseline = vm.read();
        } catch (RuntimeException | Error e) {
            ends.spoilt(session, vm);
            throw e;
        }
        listeners.tell(listener -> listener.platformUsed(PlatformWork.START, baseline.cpuNanos()));
        session.update(state -> state.saved(Optional.empty()).holding(Optional.of(new Held(vm, before.digest(), 0, Optional.of(baseline))))
                .metering(meter -> meter.goingOn(baseline, times.now())));
        rooms.moved(session, vm);
        vm.death().thenAccept(how -> Handover.to(vms, () -> session.post(new LifeEvent.Died(times.now(), how))));
        forget(saved, records.written(session));
    }

    /**
     * Removes it once {@code record} says where its session is now. That is waited for, but not where the ledger is away: then it is there
     * for longer, and a crash meanwhile takes the session back to it.
     */
    private void forget(Snapshot saved, CompletableFuture<Void> record) {
        record.whenComplete((written, failure) -> Handover.to(vms, () -> disk.drop(saved)));
        isWritten(record);
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

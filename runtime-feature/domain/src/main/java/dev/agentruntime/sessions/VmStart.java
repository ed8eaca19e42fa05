package dev.agentruntime.sessions;

import dev.agentruntime.agents.AgentLease;
import dev.agentruntime.agents.WaitingVm;
import dev.agentruntime.api.PlainText;
import dev.agentruntime.sessions.SessionState.Held;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.TemplateLostException;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongToIntFunction;
import java.util.function.Supplier;
import java.util.logging.Logger;

/** Gives a session its VM: one that waits for it, or a new one. Blocks. */
final class VmStart {

    private static final Logger LOG = Logger.getLogger(VmStart.class.getName());

    /** A VM whose guest broke off may be heard of as dead a moment later. */
    private static final Duration DEATH_KNOWN = Duration.ofMillis(500);

    private final Times times;
    private final ColdStarts cold;
    private final VmEnd ends;
    private final StartFaults faults;
    private final LongToIntFunction makeRoom;
    private final Rooms rooms;

    /** @param makeRoom destroys VMs that wait for sessions, so that so many bytes are free, and returns how many VMs those were */
    VmStart(Times times, ColdStarts cold, VmEnd ends, StartFaults faults, LongToIntFunction makeRoom,
            Rooms rooms) {
        this.times = times;
        this.cold = cold;
        this.ends = ends;
        this.faults = faults;
        this.makeRoom = makeRoom;
        this.rooms = rooms;
    }

    LifeEvent start(SessionActor session) {
        AgentLease lease = session.state().lease().orElseThrow();
        try (AgentLease.Starting starting = lease.starting()) {
            session.state().held().ifPresent(held -> ends.spoilt(session, held));
            if (!session.life().isOver()) {
                rooms.join(session, lease.digest());
                if (session.origin().isPresent() || !tookWaiting(session, lease)) {
                    takeNew(session, lease);
                }
                session.origin().ifPresent(Origin::close);
            }
            return new LifeEvent.Started(times.now());
        } catch (RuntimeException | Error e) {
            return new LifeEvent.StartFailed(times.now(), faults.of(session, e));
        }
    }

    /** Whether a VM that waited serves now; the session need not suffer from one that spoilt while waiting. */
    private boolean tookWaiting(SessionActor session, AgentLease lease) {
        Optional<WaitingVm> waiting = isFirstTry(session) ? lease.takeWaiting() : Optional.empty();
        if (waiting.isEmpty()) {
            return false;
        }
        try {
            begin(session, waiting.get().vm(), lease.digest(), waiting.get().chargedCpuNanos());
            return true;
        } catch (RuntimeException | Error e) {
            session.update(state -> state.holding(Optional.empty()));
            waiting.get().drop(PlainText.of(String.valueOf(e.getMessage())));
            return false;
        }
    }

    private static boolean isFirstTry(SessionActor session) {
        return session.life() instanceof Starting starting && starting.start().filter(start -> start.failures() > 0).isEmpty();
    }

    /** A VM that dies before it serves, or is not made, is replaced once. */
    private void takeNew(SessionActor session, AgentLease lease) {
        try {
            makeAndBegin(session, lease);
        } catch (HypervisorAwayException | NoRoomException | TemplateLostException e) {
            throw e;
        } catch (VmException e) {
            Optional<Held> held = session.state().held();
            if (session.life().isOver() || held.filter(vm -> !isDead(vm.vm())).isPresent()) {
                throw e;
            }
            SessionMessage.VM_REPLACED.log(LOG, session.key(), PlainText.of(String.valueOf(e.getMessage())));
            held.ifPresent(vm -> ends.spoilt(session, vm));
            makeAndBegin(session, lease);
        }
    }

    private void makeAndBegin(SessionActor session, AgentLease lease) {
        begin(session, made(session, lease), lease.digest(), 0);
    }

    /** Sessions come first: what waits for others has to make room when there is none. */
    private Vm made(SessionActor session, AgentLease lease) {
        Supplier<Vm> start = () -> cold.start(() -> session.origin().isPresent()
                ? session.origin().get().start() : lease.start(session.state().identity().tenant()));
        try {
            return start.get();
        } catch (NoRoomException e) {
            if (makeRoom.applyAsInt(e.missingBytes()) == 0) {
                throw e;
            }
            return start.get();
        }
    }

    private void begin(SessionActor session, Vm vm, String digest, long chargedCpuNanos) {
        session.update(state -> state.holding(Optional.of(new Held(vm, digest, chargedCpuNanos, Optional.empty()))));
        if (session.life().isOver()) {
            return;
        }
        vm.begin(rooms.open(session, vm));
        rooms.begun(session, vm);
        Optional<MeterReading> baseline = Optional.of(vm.read());
        session.update(state -> state.holding(Optional.of(new Held(vm, digest, chargedCpuNanos, baseline))));
    }

    private static boolean isDead(Vm vm) {
        try {
            vm.death().toCompletableFuture().get(DEATH_KNOWN.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

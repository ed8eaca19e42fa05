package dev.agentruntime.libvirt;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.VmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Creates the VMs that find room, and sees to it that none is forgotten whatever becomes of its creation. Thread-safe. */
final class Creator {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Machines machines;
    private final Fleet fleet;

    Creator(Machines machines, Fleet fleet) {
        this.machines = machines;
        this.fleet = fleet;
    }

    Directories directories() {
        return machines.directories();
    }

    /**
     * A name that no VM had before. Random rather than counted: it must differ from those of earlier runs, which are in the
     * ledger.
     *
     * @param kind {@code s} for a session's, {@code t} for a template's
     */
    String newName(char kind) {
        return "agrt-" + machines.directories().serverId() + "-" + kind + HexFormat.of().toHexDigits(RANDOM.nextLong(), 10);
    }

    /**
     * Creates a VM.
     *
     * @param spare for how many more VMs of its size there must be room
     * @throws NoRoomException         nothing was started
     * @throws HypervisorAwayException what may have been started is ended as soon as libvirtd answers
     * @throws VmException             it was not created; nothing of it is left
     */
    Place create(GuestPlan plan, String name, Machine.Ram ram, int spare) {
        return create(plan, name, ram, spare, spare > 0 || ram instanceof Machine.Ram.Shared ? CreateTurns.For.LATER : CreateTurns.For.SESSION);
    }

    /**
     * The same.
     *
     * @param whom who waits for it; otherwise those do for whom there must be no room to spare, and nobody for a template
     */
    Place create(GuestPlan plan, String name, Machine.Ram ram, int spare, CreateTurns.For whom) {
        Place place = fleet.take(name, machines.fence().promisedBytes(plan.memoryBytes()), spare);
        requireHypervisor(place);
        Machine machine = machines.describe(plan, name, ram);
        RunningMachine running;
        try {
            running = machines.create(plan.host(), machine, whom);
        } catch (HypervisorAwayException e) {
            fleet.end(place, () -> machines.find(plan.host(), machine).destroy());
            throw e;
        } catch (RuntimeException | Error e) {
            fleet.leave(place);
            throw e;
        }
        fleet.created(place, running);
        return place;
    }

    /** A VM of an earlier run that was taken over, with what that has noted of it. */
    record TakenOver(Place place, VmNote note) {}

    /**
     * Takes over a VM of an earlier run as it is.
     *
     * @throws HypervisorAwayException it cannot be looked at now
     * @throws VmException             it has gone, or this driver cannot go on with it
     */
    TakenOver takeOver(String name) {
        String description = machines.hypervisor().description(name).orElseThrow(() -> new VmException("libvirt does not know the VM " + name));
        VmNote note = VmNote.read(description).filter(found -> found.revision() == VmNote.REVISION).orElseThrow(() -> new VmException(
                "The VM " + name + " was made by a version of this server with which this one has too little in common"));
        Place place = fleet.takeOver(name, machines.fence().promisedBytes(note.memoryBytes()));
        try {
            place.takenOver(machines.findAgain(name, note.memoryBytes()));
            return new TakenOver(place, note);
        } catch (RuntimeException | Error e) {
            fleet.leave(place);
            throw e;
        }
    }

    /** A connection that was lost is found out while nothing can be left behind. */
    private void requireHypervisor(Place place) {
        try {
            machines.hypervisor().ping();
        } catch (RuntimeException | Error e) {
            fleet.leave(place);
            throw e;
        }
    }
}

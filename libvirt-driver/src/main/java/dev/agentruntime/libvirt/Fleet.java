package dev.agentruntime.libvirt;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.VmException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The VMs of this driver, from before their creation until they are proven gone, and the room there is for more. A VM that
 * could not be ended stays in it and is ended later. Thread-safe.
 */
final class Fleet {

    private enum Phase { OPEN, CLOSING }

    private final HostMemory memory;
    private final Executor executor;
    private final Map<String, Place> places = new ConcurrentHashMap<>();
    private final Set<String> announced = ConcurrentHashMap.newKeySet();
    private Phase phase = Phase.OPEN;

    Fleet(HostMemory memory, Executor executor) {
        this.memory = memory;
        this.executor = executor;
    }

    /**
     * Takes a place for a VM.
     *
     * @param spare for how many more VMs of its size there must be room
     * @throws NoRoomException         the host has no room for it
     * @throws HypervisorAwayException the driver is being closed
     */
    synchronized Place take(String name, long memoryBytes, int spare) {
        refuseWhenClosing(name);
        memory.requireRoom(1 + spare, memoryBytes, promised(places.values()));
        Place place = new Place(name, memoryBytes);
        places.put(name, place);
        return place;
    }

    /**
     * Takes a place for a VM of an earlier run, which has its room already.
     *
     * @throws HypervisorAwayException the driver is being closed
     */
    synchronized Place takeOver(String name, long memoryBytes) {
        refuseWhenClosing(name);
        Place place = new Place(name, memoryBytes);
        places.put(name, place);
        return place;
    }

    private static HostMemory.Promised promised(Collection<Place> places) {
        long all = 0;
        long held = 0;
        long starting = 0;
        for (Place place : places) {
            all += place.memoryBytes();
            held += Math.min(place.ownBytes(), place.memoryBytes());
            starting += place.state() == Place.State.STARTING ? place.memoryBytes() : 0;
        }
        return new HostMemory.Promised(all, held, starting);
    }

    /**
     * The VM of a place has been created. Registers it before it looks whether the driver is closing: either this or
     * {@link #destroyAll()} ends it.
     */
    void created(Place place, RunningMachine machine) {
        place.created(machine);
        try {
            refuseWhenClosing(place.name());
        } catch (HypervisorAwayException e) {
            end(place, machine::destroy);
            throw e;
        }
    }

    private synchronized void refuseWhenClosing(String name) {
        if (phase == Phase.CLOSING) {
            throw new HypervisorAwayException("The VM " + name + " was neither started nor taken up: the driver is being closed");
        }
    }

    /**
     * Something did not work.
     *
     * @throws HypervisorAwayException the driver is being closed, which is why
     */
    synchronized void refuseWhenClosing(VmException failure) {
        if (phase == Phase.CLOSING && !(failure instanceof HypervisorAwayException)) {
            throw new HypervisorAwayException("It was broken off, as the driver is being closed", failure);
        }
    }

    /** The VM of a place is proven gone, or was never created. */
    boolean leave(Place place) {
        return places.remove(place.name(), place);
    }

    /**
     * Ends what has become of a place. What cannot be ended now is reported, and ended later.
     *
     * @param by ends it; may be called again
     * @return the last reading; empty when it could not be ended yet
     */
    Optional<MeterReading> end(Place place, Supplier<MeterReading> by) {
        boolean mine = place.tryNow(); // no sweep takes it for one that was left while it is being ended
        place.ending(by);
        try {
            MeterReading last = by.get();
            leave(place);
            return Optional.of(last);
        } catch (VmException e) {
            DriverMessage.ENDED_LATER.log(e.getMessage());
            return Optional.empty();
        } finally {
            if (mine) {
                place.tried();
            }
        }
    }

    /** As {@link #end(Place, Supplier)} for a VM that lives. */
    Optional<MeterReading> end(LibvirtVm vm) {
        Optional<Place> place = Optional.ofNullable(places.get(vm.name()));
        return place.isPresent() ? end(place.get(), vm::destroy) : Optional.of(vm.destroy());
    }

    /** Tries again to end what could not be ended. Does not block. */
    void sweep() {
        for (Place place : places.values()) {
            if (place.state() == Place.State.ENDING && place.tryNow()) {
                try {
                    executor.execute(() -> endNow(place));
                } catch (RuntimeException | Error e) {
                    place.tried();
                    throw e;
                }
            }
        }
    }

    private void endNow(Place place) {
        try {
            place.end().orElseThrow().get();
            leave(place);
            DriverMessage.LEFTOVER_REMOVED.log("the VM " + place.name() + ", which could not be ended before");
        } catch (VmException e) {
            // It was reported when it failed first; the next sweep tries again.
        } finally {
            place.tried();
        }
    }

    /** Measures the memory of each VM that may have changed. Blocks for some milliseconds a VM. */
    void measure() {
        places.values().stream().map(Place::vm).flatMap(Optional::stream).forEach(Fleet::measure);
    }

    /** One VM that cannot be measured keeps no other from its turn. */
    private static void measure(LibvirtVm vm) {
        try {
            vm.measure();
        } catch (RuntimeException | Error e) {
            DriverMessage.TURN_FAILED.log(e, e);
        }
    }

    /** The names of all VMs that are in it now. */
    Set<String> names() {
        return Set.copyOf(places.keySet());
    }

    /** There are files of this VM although it has no place yet, or no more. */
    void announce(String name) {
        announced.add(name);
    }

    /** The files of a VM that was announced are gone. */
    void withdraw(String name) {
        announced.remove(name);
    }

    /** Whether a VM of this name is in it, or was announced: what is found of such a VM belongs to this run. */
    boolean has(String name) {
        return announced.contains(name) || places.containsKey(name);
    }

    /** Whether a file belongs to a VM that is in it, or was announced. */
    boolean owns(Path file) {
        return Stream.concat(announced.stream(), places.keySet().stream()).anyMatch(vm -> Confinement.isOf(vm, file));
    }

    /** How many VMs there are, those included that are being started or could not be ended. */
    int size() {
        return places.size();
    }

    /** Destroys every VM, side by side; then throws what failed. Nothing is started any more. */
    void destroyAll() {
        synchronized (this) {
            phase = Phase.CLOSING;
        }
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (Place place : places.values()) {
            place.end().ifPresent(end -> ends.add(CompletableFuture.runAsync(() -> {
                end.get();
                leave(place);
            }, executor)));
        }
        Optional<VmException> failure = Optional.empty();
        for (CompletableFuture<Void> end : ends) {
            try {
                end.join();
            } catch (CompletionException e) {
                VmException why = e.getCause() instanceof VmException vm ? vm : new VmException("A VM could not be destroyed: " + e.getCause(), e);
                failure.ifPresent(first -> first.addSuppressed(why));
                failure = failure.or(() -> Optional.of(why));
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }
}

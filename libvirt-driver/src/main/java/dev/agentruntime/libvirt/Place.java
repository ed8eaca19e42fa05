package dev.agentruntime.libvirt;

import dev.agentruntime.spi.MeterReading;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** A VM's place in the {@link Fleet}: taken before the VM is created, left when it is proven gone. Thread-safe. */
final class Place {

    /** How far the VM has come. */
    enum State { STARTING, LIVE, ENDING }

    private final String name;
    private final long memoryBytes;
    private final AtomicBoolean beingEnded = new AtomicBoolean();
    private volatile State state = State.STARTING;
    private volatile Optional<RunningMachine> machine = Optional.empty();
    private volatile Optional<LibvirtVm> vm = Optional.empty();
    private volatile Optional<Supplier<MeterReading>> end = Optional.empty();

    Place(String name, long memoryBytes) {
        this.name = name;
        this.memoryBytes = memoryBytes;
    }

    String name() {
        return name;
    }

    /** What the VM was promised. */
    long memoryBytes() {
        return memoryBytes;
    }

    State state() {
        return state;
    }

    /** What the VM holds of its memory, as last measured. */
    long ownBytes() {
        return machine.map(RunningMachine::memoryBytes).orElse(0L);
    }

    /** The machine that was created for it. */
    RunningMachine machine() {
        return machine.orElseThrow(() -> new IllegalStateException("no VM has been created for " + name));
    }

    Optional<LibvirtVm> vm() {
        return vm;
    }

    /** What ends the VM; empty while none has been created. */
    Optional<Supplier<MeterReading>> end() {
        return end;
    }

    void created(RunningMachine created) {
        machine = Optional.of(created);
        end = Optional.of(created::destroy);
    }

    /** The VM of an earlier run: until it has answered, nobody of this run ends it. */
    void takenOver(RunningMachine found) {
        machine = Optional.of(found);
    }

    void lives(LibvirtVm live) {
        vm = Optional.of(live);
        end = Optional.of(live::destroy);
        state = State.LIVE;
    }

    void ending(Supplier<MeterReading> by) {
        end = Optional.of(by);
        state = State.ENDING;
    }

    /** Whether the caller is the one who tries to end it now; followed by {@link #tried()}. */
    boolean tryNow() {
        return beingEnded.compareAndSet(false, true);
    }

    void tried() {
        beingEnded.set(false);
    }
}

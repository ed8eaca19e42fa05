package dev.agentruntime.libvirt;

import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** A QEMU process with everything on the host that belongs to it. Thread-safe; the methods block. */
final class RunningMachine {

    /** Some containers reap a process seconds after its end. */
    private static final Duration END_LIMIT = Duration.ofSeconds(15);

    private static final Duration DYING_LIMIT = Duration.ofMillis(300);

    private static final FileAttribute<?> OWNERS_ONLY = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Machine machine;
    private final Hypervisor hypervisor;
    private final Optional<QemuProcess> process;
    private final Optional<Partition> partition;
    private final Meter meter;
    private final Optional<QemuUser> user;
    private final Monitor monitor;

    RunningMachine(Machine machine, Hypervisor hypervisor, Optional<QemuProcess> process, Optional<Partition> partition,
            Meter meter, Optional<QemuUser> user) {
        this.machine = machine;
        this.hypervisor = hypervisor;
        this.process = process;
        this.partition = partition;
        this.meter = meter;
        this.user = user;
        this.monitor = new Monitor(new MonitorSocket(machine.files().monitor(), machine.name()), machine.name());
    }

    String name() {
        return machine.name();
    }

    Path socket() {
        return machine.files().socket();
    }

    Path wayOutSocket() {
        return machine.files().wayOut();
    }

    Console console() {
        return new Console(machine.files().log());
    }

    Optional<QemuProcess> process() {
        return process;
    }

    /** Whether its process has ended; one that just lost its sockets gets a moment for it. */
    boolean hasEnded() {
        return process.isPresent() && process.get().awaitEnd(DYING_LIMIT);
    }

    /** What it has used. Does not block. */
    MeterReading read() {
        return meter.read();
    }

    /** What it held of its memory when it was last measured. */
    long memoryBytes() {
        return meter.memoryBytes();
    }

    /** Measures what {@link #read()} only remembers. Blocks for some milliseconds. */
    void measure() {
        meter.measure();
    }

    void suspend() {
        monitor.stop();
    }

    void resume() {
        monitor.go();
    }

    void load(Path state) {
        transfer().load(state);
    }

    void load(byte[] state) {
        transfer().load(state);
    }

    /**
     * The state of the devices and processors of a VM that stands still.
     *
     * @param file where QEMU writes it; gone afterwards
     * @throws IOException it cannot be read or removed, or is larger than that of any VM
     */
    byte[] devices(Path file) throws IOException {
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, OWNERS_ONLY);
            if (user.isPresent()) {
                user.get().own(file);
            }
            monitor.saveDevices(file);
            return bytes(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** QEMU's user may have put there what it likes: no link is followed, and no more is read than can be brought back. */
    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(SnapshotFile.LARGEST_DEVICES + 1);
            if (bytes.length > SnapshotFile.LARGEST_DEVICES) {
                throw new IOException("its devices have a state of more than " + (SnapshotFile.LARGEST_DEVICES >> 20) + " MiB");
            }
            return bytes;
        }
    }

    /** Pauses the VM and writes its state; only {@link #destroy()} makes sense afterwards. */
    void save(Path state, Executor executor) {
        suspend();
        transfer().save(state, user, executor);
    }

    private StateTransfer transfer() {
        return new StateTransfer(monitor, name(), machine.files().stateSocket());
    }

    /**
     * Ends the process and removes everything that belonged to it. Idempotent. The reading is taken between the end of
     * the process and the removal of the control group that counted it.
     *
     * @throws VmException something is left; the message names it
     */
    MeterReading destroy() {
        List<String> left = new ArrayList<>();
        meter.readBeforeEnd();
        end(left);
        if (process.isPresent() && !process.get().awaitEnd(END_LIMIT)) {
            left.add("process " + process.get().pid());
        }
        partition.filter(p -> !p.awaitEmpty(END_LIMIT)).ifPresent(p -> left.add("processes in " + p.path()));
        MeterReading last = meter.last();
        partition.ifPresent(p -> left.addAll(p.remove()));
        removeFiles(left);
        if (!left.isEmpty()) {
            throw new VmException("Something is left of the VM " + name() + ": " + String.join(", ", left)
                    + ". Destroy it again, or remove these by hand");
        }
        return last;
    }

    /** Without libvirtd, the process can still be killed where we may. */
    private void end(List<String> left) {
        try {
            hypervisor.destroy(name());
        } catch (VmException e) {
            process.ifPresent(QemuProcess::kill);
            if (process.isEmpty()) {
                left.add("perhaps the domain (" + e.getMessage() + ")");
            }
        }
    }

    private void removeFiles(List<String> left) {
        try {
            machine.files().delete();
            if (machine.ram() instanceof Machine.Ram.Shared shared) {
                Files.deleteIfExists(shared.file());
            }
            for (Path file : machine.files().present()) {
                left.add("file " + file);
            }
        } catch (IOException e) {
            left.add("files in " + machine.files().directory() + " (" + e.getMessage() + ")");
        }
    }
}

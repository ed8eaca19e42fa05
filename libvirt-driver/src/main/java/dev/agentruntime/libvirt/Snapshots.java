package dev.agentruntime.libvirt;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** The VMs of this server that were put on the disk. Thread-safe. */
final class Snapshots {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Directories directories;
    private final TemplateStore store;
    private final GuestMemory.Opener memories;
    private final BoundedDisk disk;
    /** The files of this run, and those of earlier runs that were taken up. */
    private final Set<Path> files = ConcurrentHashMap.newKeySet();

    /** @param disk what they are written to */
    Snapshots(Directories directories, TemplateStore store, GuestMemory.Opener memories, BoundedDisk disk) {
        this.disk = disk;
        this.directories = directories;
        this.store = store;
        this.memories = memories;
    }

    /** Writes down one VM. */
    interface Taker {

        /** Of VMs that have no template: all of their memory would have to be written. */
        Taker NONE = (machine, hostName, mostBytes) -> {
            throw new VmException("The VM " + machine.name() + " was booted and not cloned, so it cannot be put on the disk");
        };

        /** Of VMs of an earlier run that has not noted which template one is a clone of. */
        Taker UNKNOWN = (machine, hostName, mostBytes) -> {
            throw new VmException("The VM " + machine.name() + " was started by an earlier run of this server, which has not noted from which template,"
                    + " so it cannot be put on the disk");
        };

        /** @param hostName what its guest is called */
        Snapshot take(RunningMachine machine, String hostName, long mostBytes);
    }

    /**
     * Writes down a VM that stands still.
     *
     * @param hostName what its guest is called, also when it comes back in another VM
     * @param template what it was cloned from, kept as long as the snapshot is
     * @param plan     how it was cloned
     * @param starts   clones it again
     * @throws HypervisorAwayException QEMU or the disk does not answer now
     */
    Snapshot take(RunningMachine machine, String hostName, Template template, GuestPlan plan, Starts starts, long mostBytes) {
        TemplateStore.Pin pin = store.share(template).orElseThrow(() -> new VmException("The template " + template.key() + " of the VM "
                + machine.name() + " is gone, so the VM cannot be put on the disk"));
        String name = HexFormat.of().toHexDigits(RANDOM.nextLong());
        SnapshotFile file = SnapshotFile.anew(path(name));
        files.add(file.file());
        Runnable undo = () -> {
            remove(file.file());
            pin.close();
        };
        try {
            byte[] devices = devices(machine, undo);
            long bytes = disk.write(isLate -> write(machine, template, file, devices, mostBytes, isLate), undo);
            SavedVmKey key = new SavedVmKey(name, file.key(), template.key(), hostName, plan.memoryBytes(), plan.vcpus(), plan.hearsItsEnd(), plan.addsFeatures());
            return new SavedVm(key, file, bytes, pin, () -> plan, starts, this);
        } catch (IOException e) {
            throw new VmException("The VM " + machine.name() + " could not be put on the disk: " + e.getMessage(), e);
        }
    }

    private byte[] devices(RunningMachine machine, Runnable undo) throws IOException {
        try {
            return machine.devices(directories.devices(machine.name()));
        } catch (IOException | RuntimeException | Error e) {
            undo.run();
            throw e;
        }
    }

    private long write(RunningMachine machine, Template template, SnapshotFile file, byte[] devices, long mostBytes, BooleanSupplier isLate) throws IOException {
        try (GuestMemory memory = memories.open(machine.process().orElseThrow(() -> new IOException("its process is not known")), template.ram())) {
            return file.write(TemplateFiles.imprint(template), devices, memory, mostBytes, isLate);
        }
    }

    /**
     * Writes down a VM of an earlier run of the server that stands still.
     *
     * @param note  what that has noted of it
     * @param plans how VMs are cloned now
     */
    Snapshot take(RunningMachine machine, String hostName, VmNote note, CloneNote clone, GuestPlans plans, Starts starts, long mostBytes) {
        TemplateStore.Pin pin = store.find(clone.template()).orElseThrow(() -> new VmException("The template " + clone.template() + " of the VM "
                + machine.name() + " is gone, so the VM cannot be put on the disk"));
        try {
            if (!TemplateFiles.imprint(pin.template()).equals(clone.imprint())) {
                throw new VmException("The template " + clone.template() + " of the VM " + machine.name()
                        + " has been made anew since, so the VM cannot be put on the disk");
            }
            return take(machine, hostName, pin.template(), plans.of(note.memoryBytes(), clone.vcpus(), clone.hearsItsEnd(), clone.addsFeatures()), starts, mostBytes);
        } catch (IOException e) {
            throw new VmException("The template " + clone.template() + " of the VM " + machine.name() + " could not be read: " + e.getMessage(), e);
        } finally {
            pin.close();
        }
    }

    private Path path(String name) {
        return directories.snapshots().resolve(name + ".vm");
    }

    /**
     * Takes up a VM that an earlier run of this server wrote.
     *
     * @param plans how VMs are cloned now
     * @throws VmException its file or its template is gone
     */
    Snapshot reopen(SavedVmKey key, GuestPlans plans, Starts starts) {
        SnapshotFile file = new SnapshotFile(path(key.file()), key.secret());
        TemplateStore.Pin pin = store.find(key.template()).orElseThrow(() -> new VmException("The template " + key.template() + " of the VM "
                + key.vm() + ", which is on the disk, is gone"));
        try {
            long bytes = Files.size(file.file());
            files.add(file.file());
            return new SavedVm(key, file, bytes, pin, () -> plans.of(key.memoryBytes(), key.vcpus(), key.hearsItsEnd(), key.addsFeatures()), starts, this);
        } catch (IOException e) {
            pin.close();
            throw new VmException("The VM " + key.vm() + " is not on the disk any more: " + e, e);
        }
    }

    /** Gives a VM that waits for its state the memory and the devices of a snapshot. */
    void restore(RunningMachine machine, Template template, SnapshotFile file) {
        try (GuestMemory memory = memories.open(machine.process().orElseThrow(() -> new IOException("its process is not known")), template.ram())) {
            byte[] devices = file.restore(TemplateFiles.imprint(template), memory);
            machine.load(DeviceState.loadable(Files.readAllBytes(template.state()), devices));
        } catch (IOException e) {
            throw new VmException("The VM on the disk in " + file.file() + " could not be brought back: " + e.getMessage(), e);
        }
    }

    TemplateStore.Pin pin(Template template) {
        return store.share(template).orElseThrow(() -> new VmException("The template " + template.key() + " is gone, so VMs on the disk that were"
                + " cloned from it cannot be brought back"));
    }

    void remove(Path file) {
        try {
            Files.deleteIfExists(file);
            files.remove(file);
        } catch (IOException e) {
            DriverMessage.CLEANUP_FAILED.log(e, "a VM on the disk", file + " (" + e.getMessage() + ")");
        }
    }

    /** Removes the files of earlier runs that nobody has taken up. */
    void tidy() throws IOException {
        try (var entries = Files.newDirectoryStream(directories.snapshots())) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString().replaceFirst("^\\.(.*)\\.partial$", "$1");
                if (!files.contains(entry.resolveSibling(name))) {
                    Files.deleteIfExists(entry);
                }
            }
        }
    }
}

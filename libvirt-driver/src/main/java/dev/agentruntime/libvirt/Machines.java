package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Creates QEMU processes. Thread-safe. As many at once as there are cores: a create costs a third of a core-second in
 * libvirt, and more of them at once only slow each other and the live sessions.
 */
final class Machines {

    private static final int PAUSED = 1;

    private final Hypervisor hypervisor;
    private final Directories directories;
    private final Optional<ControlGroups> groups;
    private final Semaphore creates = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

    /** @param groups where VMs get a partition of their own; empty where they cannot have one */
    Machines(Hypervisor hypervisor, Directories directories, Optional<ControlGroups> groups) {
        this.hypervisor = hypervisor;
        this.directories = directories;
        this.groups = groups;
    }

    Hypervisor hypervisor() {
        return hypervisor;
    }

    Directories directories() {
        return directories;
    }

    Optional<ControlGroups> groups() {
        return groups;
    }

    /**
     * Creates a VM; one that loads a state waits for it, another boots. Blocks.
     *
     * @throws VmException it was not created; nothing of it is left
     */
    RunningMachine create(HostProfile host, GuestImage image, String name, long memoryBytes, int vcpus, Machine.Ram ram) {
        Optional<Partition> partition = groups.map(g -> new Partition(g, directories.serverId(), name));
        Machine machine = new Machine(name, memoryBytes, vcpus, image.kernel(), image.initrd(), ram, directories.files(name),
                partition.map(Partition::libvirtName));
        boolean created = false;
        creates.acquireUninterruptibly();
        try {
            if (partition.isPresent()) {
                partition.get().create();
            }
            long begun = System.nanoTime();
            hypervisor.create(machine, DomainXml.of(host, machine), machine.loads() ? PAUSED : 0);
            created = true;
            String slow = LibvirtErrors.slowCreate(Duration.ofNanos(System.nanoTime() - begun));
            if (!slow.isEmpty()) {
                DriverMessage.SLOW_CREATE.log(slow);
            }
        } catch (IOException e) {
            throw new VmException("The control group " + partition.map(Partition::libvirtName).orElse("") + " of the VM " + name
                    + " could not be made: " + e.getMessage(), e);
        } finally {
            creates.release();
            if (!created) {
                clean(machine.files(), partition);
            }
        }
        Optional<QemuProcess> process = QemuProcess.find(name);
        Optional<Partition> counting = partition.filter(p -> process.isEmpty() || p.counts(process.get().controlGroups()));
        Meter meter = new Meter(counting, process, hypervisor, name);
        return new RunningMachine(machine, hypervisor, process, partition, meter, host.qemuUser());
    }

    private static void clean(MachineFiles files, Optional<Partition> partition) {
        try {
            files.delete();
        } catch (IOException e) {
            DriverMessage.CLEANUP_FAILED.log(e, files.name(), e.getMessage());
        }
        partition.map(Partition::remove).filter(left -> !left.isEmpty())
                .ifPresent(left -> DriverMessage.CLEANUP_FAILED.log(files.name(), String.join(", ", left)));
    }
}

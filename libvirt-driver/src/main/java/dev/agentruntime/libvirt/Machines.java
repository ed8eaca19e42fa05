package dev.agentruntime.libvirt;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Creates QEMU processes. Thread-safe. As many at once as there are cores: a create costs a third of a core-second in
 * libvirt, and more of them at once only slow each other and the live sessions. Those for sessions come first.
 */
final class Machines {

    private static final int PAUSED = 1;

    private final Hypervisor hypervisor;
    private final Directories directories;
    private final Optional<Partitions> partitions;
    private final Fence fence;
    private final CreateTurns turns = new CreateTurns(Runtime.getRuntime().availableProcessors());

    /**
     * @param partitions where VMs get a partition of their own; empty where they cannot have one
     * @param fence      what keeps VMs to their part of the host
     */
    Machines(Hypervisor hypervisor, Directories directories, Optional<Partitions> partitions, Fence fence) {
        this.hypervisor = hypervisor;
        this.directories = directories;
        this.partitions = partitions;
        this.fence = fence;
    }

    Hypervisor hypervisor() {
        return hypervisor;
    }

    Directories directories() {
        return directories;
    }

    Optional<Partitions> partitions() {
        return partitions;
    }

    Fence fence() {
        return fence;
    }

    /** What the hypervisor is to be told of a VM. */
    Machine describe(GuestPlan plan, String name, Machine.Ram ram) {
        return new Machine(name, plan.memoryBytes(), plan.vcpus(), plan.image().kernel(), plan.image().initrd(), ram, directories.files(name),
                partition(name).map(Partition::libvirtName), TranslationCache.mib(ram, plan.addsFeatures()));
    }

    private Optional<Partition> partition(String name) {
        return partitions.map(all -> all.of(name));
    }

    /**
     * Creates a VM; one that loads a state waits for it, another boots. Blocks.
     *
     * @param whom who waits for it
     * @throws HypervisorAwayException it may have been created or not, or may yet be: end what {@link #find} finds
     * @throws VmException             it was not created; nothing of it is left
     */
    RunningMachine create(HostProfile host, Machine machine, CreateTurns.For whom) {
        return turns.in(whom, () -> createNow(host, machine));
    }

    /** The same for a session. */
    RunningMachine create(HostProfile host, Machine machine) {
        return create(host, machine, CreateTurns.For.SESSION);
    }

    private RunningMachine createNow(HostProfile host, Machine machine) {
        Optional<Partition> partition = partition(machine.name());
        try {
            if (partition.isPresent()) {
                partition.get().create();
                fence.limit(partition.get(), machine);
            }
            long begun = System.nanoTime();
            hypervisor.create(machine, DomainXml.of(host, withOwnLink(machine)), machine.loads() ? PAUSED : 0);
            String slow = LibvirtErrors.slowCreate(Duration.ofNanos(System.nanoTime() - begun), host.acceleration());
            if (!slow.isEmpty()) {
                DriverMessage.SLOW_CREATE.log(slow);
            }
        } catch (IOException e) {
            clean(machine.files(), partition);
            throw new VmException("The control group " + partition.map(Partition::libvirtName).orElse("") + " of the VM " + machine.name()
                    + " could not be made: " + e.getMessage(), e);
        } catch (HypervisorAwayException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            clean(machine.files(), partition);
            throw e;
        }
        Optional<QemuProcess> process = QemuProcess.find(machine.name());
        process.ifPresent(started -> fence.started(started, partition));
        return running(host.qemuUser(), machine, process);
    }

    private static Machine withOwnLink(Machine machine) {
        return machine.ram() instanceof Machine.Ram.Private template
                ? machine.with(new Machine.Ram.Private(machine.files().linkTo(template.file()), template.note())) : machine;
    }

    /** Whatever there is now of a VM of an earlier run. What it was made of matters to nobody any more. */
    RunningMachine findAgain(String name, long memoryBytes) {
        Path nowhere = Path.of("");
        return running(Optional.empty(), new Machine(name, memoryBytes, 1, nowhere, nowhere, new Machine.Ram.Anonymous(), directories.files(name),
                partition(name).map(Partition::libvirtName), TranslationCache.USUAL_MIB), QemuProcess.find(name));
    }

    /** Whatever there is of a VM now. */
    RunningMachine find(HostProfile host, Machine machine) {
        return running(host.qemuUser(), machine, QemuProcess.find(machine.name()));
    }

    private RunningMachine running(Optional<QemuUser> user, Machine machine, Optional<QemuProcess> process) {
        Optional<Partition> partition = partition(machine.name());
        Optional<Partition> counting = partition.filter(p -> process.isEmpty() || p.counts(process.get().controlGroups()));
        Meter meter = new Meter(counting, process, hypervisor, machine.name());
        return new RunningMachine(machine, hypervisor, process, partition, meter, user);
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

package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmLimits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What keeps each VM to its part of the host: the limits of its control group, and the rights of its process. What of it this host does
 * not allow is logged once, and said in {@link #description()}. Thread-safe.
 */
final class Fence {

    private final VmLimits limits;
    /** Of what is missing the reason counts for nothing here: it may name a VM, and be another for each. */
    private static final Pattern REASON = Pattern.compile(" \\(.*\\)|: .*|, as .*");

    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private volatile List<String> unlimited = List.of();
    private volatile List<String> complaints = List.of();

    private Fence(VmLimits limits) {
        this.limits = limits;
    }

    /** Tries the limits on a group of no VM. Blocks. */
    static Fence probe(VmLimits limits, Optional<Partitions> partitions, String serverId) {
        Fence fence = new Fence(limits);
        if (partitions.isEmpty()) {
            fence.missing(List.of("anything, as VMs have no control group of their own"));
            return fence;
        }
        Partition probe = partitions.get().of("agrt-" + serverId + "-probe");
        try {
            probe.create();
            fence.missing(probe.limit(GroupLimits.of(limits, VmLimits.USUAL.memoryOverheadBytes(), 1)));
        } catch (IOException e) {
            fence.missing(List.of("anything, as no control group could be made: " + e.getMessage()));
        } finally {
            probe.remove();
        }
        return fence;
    }

    /** What a VM is promised of the host's memory: its guest's, and what its emulator may hold besides. */
    long promisedBytes(long guestBytes) {
        return guestBytes + limits.memoryOverheadBytes();
    }

    /** Limits a group that has no process yet. */
    void limit(Partition partition, Machine machine) {
        GroupLimits own = GroupLimits.of(limits, machine.memoryBytes(), machine.vcpus());
        missing(partition.limit(machine.isTemplates() ? own.behindOthers() : own));
    }

    /** A VM's process is there: puts it into those trees that libvirt leaves alone, and looks at what it may do. */
    void started(QemuProcess process, Optional<Partition> partition) {
        partition.map(p -> p.adopt(process.pid())).filter(failed -> !failed.isEmpty()).ifPresent(this::missing);
        process.rights().ifPresent(rights -> complaints = complain(rights));
    }

    private List<String> complain(Rights rights) {
        List<String> found = rights.complaints();
        if (!found.isEmpty() && told.add(String.join(", ", found))) {
            DriverMessage.WEAK_CONFINEMENT.log(String.join(", ", found));
        }
        return found;
    }

    private void missing(List<String> what) {
        unlimited = what;
        if (!what.isEmpty() && told.add(what.stream().map(one -> REASON.matcher(one).replaceAll("")).collect(Collectors.joining(", ")))) {
            DriverMessage.NOT_LIMITED.log(String.join(", ", what));
        }
    }

    /** In words, for the status of the hypervisor. */
    String description() {
        List<String> words = new ArrayList<>();
        words.add(unlimited.isEmpty() ? "VMs limited in CPU, memory, threads and I/O" : "VMs not limited in " + String.join(", ", unlimited));
        words.addAll(complaints);
        return String.join(", ", words);
    }
}

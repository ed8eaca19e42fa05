package dev.agentruntime.libvirt;

import dev.agentruntime.libvirt.ControlGroups.Hierarchy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds out whether VMs can have control groups of their own, by making one. */
final class PartitionSupport {

    private static final List<Path> MACHINED = List.of(Path.of("/usr/lib/systemd/systemd-machined"), Path.of("/lib/systemd/systemd-machined"));

    private PartitionSupport() {}

    /** What makes them; empty, with a message that says why, where that cannot be. */
    static Optional<Partitions> find(String uri, String serverId) {
        if (!uri.startsWith("qemu:///system") || !HostInspection.isRoot()) {
            return none("that takes root and qemu:///system");
        }
        try {
            ControlGroups groups = ControlGroups.ofThisHost();
            if (groups.hierarchies().isEmpty()) {
                return none("no control groups are mounted");
            }
            if (!Files.isDirectory(Path.of("/run/systemd/system"))) {
                return Optional.of(tried(new PlainPartitions(groups, serverId), serverId));
            }
            if (!(groups.hierarchies().size() == 1 && groups.hierarchies().get(0) instanceof Hierarchy.Unified unified)) {
                return none("systemd keeps control groups of version 1 here; start the host with systemd.unified_cgroup_hierarchy=1");
            }
            if (MACHINED.stream().noneMatch(Files::exists)) {
                return none("libvirt has no slices made without systemd-machined; install the package systemd-container");
            }
            return Optional.of(tried(new Slices(unified.root(), Systemctl.OF_THIS_HOST, serverId), serverId));
        } catch (IOException e) {
            return none(e.getMessage());
        }
    }

    private static Partitions tried(Partitions partitions, String serverId) throws IOException {
        Partition probe = partitions.of("agrt-" + serverId + "-probe");
        probe.create();
        probe.remove();
        return partitions;
    }

    private static Optional<Partitions> none(String why) {
        DriverMessage.NO_PARTITION.log(why);
        return Optional.empty();
    }
}

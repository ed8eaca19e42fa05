package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds out whether VMs can have control groups of their own, by making one. */
final class PartitionSupport {

    private PartitionSupport() {}

    /** The hierarchies to make them in; empty, with a message that says why, where that cannot be. */
    static Optional<ControlGroups> find(String uri, String serverId) {
        if (!uri.startsWith("qemu:///system") || !HostInspection.isRoot()) {
            return none("that takes root and qemu:///system");
        }
        if (Files.isDirectory(Path.of("/run/systemd/system"))) {
            return none("systemd keeps the control groups of this host and would remove a VM's counters with the VM");
        }
        try {
            ControlGroups groups = ControlGroups.ofThisHost();
            if (groups.hierarchies().isEmpty()) {
                return none("no control groups are mounted");
            }
            Partition probe = new Partition(groups, serverId, "probe");
            probe.create();
            probe.remove();
            return Optional.of(groups);
        } catch (IOException e) {
            return none(e.getMessage());
        }
    }

    private static Optional<ControlGroups> none(String why) {
        DriverMessage.NO_PARTITION.log(why);
        return Optional.empty();
    }
}

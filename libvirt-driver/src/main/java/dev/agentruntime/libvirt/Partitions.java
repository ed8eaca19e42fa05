package dev.agentruntime.libvirt;

import java.io.IOException;
import java.util.List;

/** The partitions of the VMs of one server. Thread-safe. */
interface Partitions {

    /** That of a VM, which need not be there yet. */
    Partition of(String vm);

    /** The names of the VMs that have one now. */
    List<String> present() throws IOException;

    /** Removes the group of the server itself, where no VM is left in it. */
    void removeParent() throws IOException;
}

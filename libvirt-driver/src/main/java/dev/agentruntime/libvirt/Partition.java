package dev.agentruntime.libvirt;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The parent control group of one VM. libvirt puts the VM's own group into it and removes that when the VM ends; this one stays, with
 * its counters, until {@link #remove()}. Thread-safe.
 */
interface Partition {

    /** As libvirt's XML names it. */
    String libvirtName();

    /** As the kernel shows it, below the root of a hierarchy. */
    String path();

    /** Makes it; one that is there stays. */
    void create() throws IOException;

    /**
     * Limits what all its processes together may take. It has been made.
     *
     * @return what this host does not let be limited, in words
     */
    List<String> limit(GroupLimits limits);

    /**
     * Has those limits count for a process of its VM that libvirt does not put there by itself.
     *
     * @return what could not be limited
     */
    List<String> adopt(long pid);

    /** Whether a process whose /proc/PID/cgroup is {@code controlGroups} has its CPU counted here. */
    boolean counts(String controlGroups);

    /** CPU of everything that ever ran in it; 0 where nothing counts. */
    long cpuNanos();

    /** Anonymous memory of its processes, which leaves out pages of the template; empty where memory is not counted. */
    Optional<Long> anonymousBytes();

    /** Waits until no process is left in it. */
    boolean awaitEmpty(Duration limit);

    /** Removes it. Returns what could not be removed. */
    List<String> remove();
}

package dev.agentruntime.spi;

import dev.agentruntime.api.SnapshotKey;

/**
 * A VM as it stood at one moment, on the host's disk: the memory that it had made its own, its processors and devices. Encrypted under a
 * key of its own, which is in no file of the driver's: without it nobody can read the file. It stays on the disk when the server ends without
 * closing it, and {@link VmDriver#reopen} takes it up in the server's next run. Thread-safe.
 */
public interface Snapshot extends AutoCloseable {

    /** What it takes on the disk, in bytes. Does not block. */
    long bytes();

    /** What opens it in a later run of the server. Does not block. */
    SnapshotKey key();

    /**
     * Makes a VM that stands where the first one stood, paused, and goes on by {@link Vm#resume()} as the same session. It first gets
     * entropy and the time, as any clone does, and its agent's restore hooks run; its guest keeps its host name. Streams of the first VM
     * are not there any more; {@link Vm#onStream} has to be told anew. Its meter begins at zero. May be called any number of times, also while
     * the first VM lives. Blocks: about a second.
     *
     * @throws HypervisorAwayException the hypervisor does not answer now; nothing of the VM is left
     * @throws NoRoomException         the host has no room for it now
     * @throws VmException             final: the file or the template is gone or damaged; nothing of the VM is left
     */
    Vm start();

    /** The same for another session, which it begins by {@link Vm#begin}. It gets a host name of its own. */
    Vm fork();

    /** Removes it from the disk. VMs that were started from it go on. Never throws; idempotent. */
    @Override
    void close();
}

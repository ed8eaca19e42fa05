package dev.agentruntime.runtime;

import java.util.concurrent.Executor;

/**
 * Where the platform's blocking work runs. Bounded, so that many starts cannot hold up the short work.
 *
 * @param work        short work: meter readings and ends of VMs
 * @param wakes       takes VMs that wait or are paused to where they serve: milliseconds, while a caller waits
 * @param starts      starts of VMs: seconds for a clone, minutes for a boot
 * @param preparation makes agents ready: minutes
 * @param pools       makes VMs that wait for sessions: seconds
 * @param ledger      reads and writes the ledger, which may hang
 * @param files       checks artifacts and folders; needs a thread more for each task that hangs
 */
public record Workers(
        Executor work, Executor wakes, Executor starts, Executor preparation, Executor pools, Executor ledger,
        Executor files) {}

package dev.agentruntime.platform;

import java.util.concurrent.Executor;

/**
 * Where the platform's blocking work runs: each on threads that nothing of another pace needs.
 *
 * @param vms         work with VMs, whose pace guests and the hypervisor decide: as many threads as there is work, at most about
 *                    one for each session
 * @param files       checks and copies artifacts; needs a thread more for each task that a file system keeps hanging
 * @param preparation prepares agents: minutes, a few at a time
 * @param store       reads and writes the ledger; a database may hold it
 * @param directory   asks whose session ids are; a database may hold it
 */
public record Workers(Executor vms, Executor files, Executor preparation, Executor store, Executor directory) {}

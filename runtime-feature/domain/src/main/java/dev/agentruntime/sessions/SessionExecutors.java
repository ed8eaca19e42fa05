package dev.agentruntime.sessions;

import java.util.concurrent.Executor;

/**
 * Where the blocking work for sessions runs.
 *
 * @param vms   a thread for each session whose VM is being started, paused, resumed, read or destroyed: it must not be bounded
 *              below the number of sessions, since a guest, a hook or the hypervisor may hold each for as long as it likes
 * @param store closes the records of an earlier run; may hang for as long as the database does
 */
public record SessionExecutors(Executor vms, Executor store) {}

package dev.agentruntime.agents;

import java.util.concurrent.Executor;

/**
 * Where the blocking work for agents runs.
 *
 * @param files       looks at artifacts and folders, one task at a time; a stalled file system holds it for as long as it likes
 * @param preparation prepares agents: minutes
 * @param pools       makes VMs that wait for sessions: seconds
 * @param ends        destroys VMs that waited for sessions: seconds
 */
public record AgentExecutors(Executor files, Executor preparation, Executor pools, Executor ends) {}

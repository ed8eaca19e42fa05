package dev.agentruntime.agents;

import java.util.concurrent.Executor;

/**
 * Where the blocking work for agents runs.
 *
 * @param files       checks and copies artifacts; needs a thread more for each task that a file system keeps hanging
 * @param preparation prepares agents: minutes
 * @param pools       makes VMs that wait for sessions: seconds
 * @param ends        destroys VMs that waited for sessions: seconds
 */
public record AgentExecutors(Executor files, Executor preparation, Executor pools, Executor ends) {}

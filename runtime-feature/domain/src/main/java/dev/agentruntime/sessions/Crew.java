package dev.agentruntime.sessions;

import dev.agentruntime.agents.Agents;
import java.util.concurrent.Executor;

/**
 * Who carries out the orders of sessions.
 *
 * @param vms a thread for each session that needs one
 */
record Crew(
        Times times, Executor vms, Agents agents, VmWork work, Teller teller, Listeners listeners, Records records, Rooms rooms) {}

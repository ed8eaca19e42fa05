package dev.agentruntime.api;

/** What it takes of the agents for the server to be ready, the hypervisor and the guest image given. */
public enum ReadyWhen {
    /** Each agent has become ready or failed once since the start: one team's broken WAR takes the server from nobody. */
    STARTED,
    /** Each agent is ready now. */
    ALL_AGENTS
}

package dev.agentruntime.identity;

/** Where a workload identity comes from. */
enum Origin {
    /** It was made through the API. */
    API,
    /** It belongs to an agent runtime that was made through the control API, and goes with it. */
    RUNTIME,
    /** It belongs to an agent of server.xml or of the drop-in folder, and is shown while there is that agent. */
    CONFIGURED
}

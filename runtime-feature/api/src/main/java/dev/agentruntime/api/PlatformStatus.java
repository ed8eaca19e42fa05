package dev.agentruntime.api;

import java.util.List;

/**
 * What health checks tell of the platform.
 *
 * @param hypervisor the hypervisor as last seen
 * @param started    whether every agent runtime of the configuration has become READY or failed once since the start; stays so
 *                   when agents are added later
 * @param readyWhen  what it takes for the server to be ready, as configured now
 * @param runtimes   every agent runtime
 * @param stage      whether requests are taken
 */
public record PlatformStatus(
        HypervisorStatus hypervisor, boolean started, ReadyWhen readyWhen, List<AgentRuntimeView> runtimes, ServerStage stage) {

    /** Of a server that takes requests. */
    public PlatformStatus(HypervisorStatus hypervisor, boolean started, ReadyWhen readyWhen, List<AgentRuntimeView> runtimes) {
        this(hypervisor, started, readyWhen, runtimes, ServerStage.RUNNING);
    }
}

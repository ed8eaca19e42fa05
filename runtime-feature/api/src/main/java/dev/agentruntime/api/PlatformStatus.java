package dev.agentruntime.api;

import java.util.List;

/**
 * What health checks tell of the platform.
 *
 * @param hypervisor the hypervisor as last seen
 * @param started    whether every agent runtime of the configuration has become READY or failed once since the start
 * @param runtimes   every configured agent runtime
 */
public record PlatformStatus(HypervisorStatus hypervisor, boolean started, List<AgentRuntimeView> runtimes) {}

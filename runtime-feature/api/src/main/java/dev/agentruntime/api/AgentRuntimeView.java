package dev.agentruntime.api;

import java.util.List;
import java.util.Optional;

/**
 * An agent runtime as it stands.
 *
 * @param name         its name in paths
 * @param status       CREATING, READY or CREATE_FAILED, as AgentCore's control plane names them
 * @param statusReason what is being done or why it failed, in a sentence; when READY, the same of a newer version, empty
 *                     when there is none
 * @param log          the guest's log lines that show why it failed, oldest first; empty otherwise
 * @param digest       the first 12 digits of the SHA-256 of the artifact that serves; empty until READY
 * @param startMode    how its sessions start; empty until READY
 * @param liveSessions sessions that have a VM
 * @param pooled       VMs that wait for sessions
 */
public record AgentRuntimeView(
        String name, Status status, String statusReason, List<String> log, Optional<String> digest,
        Optional<StartMode> startMode, int liveSessions, int pooled) {

    /** Where an agent runtime is on its way. */
    public enum Status { CREATING, READY, CREATE_FAILED }
}

package dev.agentruntime.api;

import java.util.List;

/**
 * An agent runtime as it stands.
 *
 * @param name         its name in paths
 * @param status       CREATING, READY or CREATE_FAILED, as AgentCore's control plane names them
 * @param statusReason what is being done or why it failed, in a sentence; when READY, the same of a newer version, empty
 *                     when there is none
 * @param log          the guest's log lines that show why it failed, oldest first; empty otherwise
 * @param version      the first 12 digits of the WAR's SHA-256; empty while the WAR has not been read
 * @param startMode    how its sessions start; empty until READY
 * @param liveSessions sessions that have a VM
 * @param pooled       VMs that wait for sessions
 */
public record AgentRuntimeView(
        String name, Status status, String statusReason, List<String> log, String version, String startMode,
        int liveSessions, int pooled) {

    /** Where an agent runtime is on its way. */
    public enum Status { CREATING, READY, CREATE_FAILED }
}

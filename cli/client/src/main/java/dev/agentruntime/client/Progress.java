package dev.agentruntime.client;

/** How far a version or an endpoint is. */
public enum Progress {
    /** Something is being done. */
    WORKING,
    READY,
    FAILED;

    static Progress of(String status) {
        return status.equals("READY") ? READY : status.endsWith("_FAILED") ? FAILED : WORKING;
    }
}

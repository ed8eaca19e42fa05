package dev.agentruntime.control;

/** Where a runtime, a version or an endpoint is on its way. */
enum Status {
    CREATING, CREATE_FAILED, UPDATING, UPDATE_FAILED, READY, DELETING;

    /** Whether it stays so until somebody asks for a change. */
    boolean isSettled() {
        return this == READY || this == CREATE_FAILED || this == UPDATE_FAILED;
    }

    /** What follows when the work is done. */
    Status failed() {
        return this == CREATING ? CREATE_FAILED : UPDATE_FAILED;
    }
}

package dev.agentruntime.api;

/** Why a session ended, for programs; the sentence for people is in its view. */
public enum EndCode {
    /** It had nothing to do for its idle timeout. */
    IDLE_TIMEOUT,
    /** It reached its maximum lifetime. */
    MAX_LIFETIME,
    /** Three pings in a row failed. */
    UNHEALTHY,
    /** It reached a budget. */
    BUDGET,
    /** Somebody who may ended it. */
    STOPPED,
    /** Its VM ended by itself. */
    VM_DIED,
    /** Its VM did not start. */
    START_FAILED,
    /** The server was stopped. */
    SERVER_STOPPED,
    /** The server ended without ending it. */
    SERVER_RESTART
}

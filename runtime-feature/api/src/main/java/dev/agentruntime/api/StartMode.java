package dev.agentruntime.api;

/** How a session's VM came to life, the quickest first. */
public enum StartMode {
    /** Made ahead: a clone that had already answered requests of the platform's and was paused. */
    PRIMED,
    /** Made ahead: a clone with its state loaded, paused, never run. */
    LOADED,
    /** Made ahead: a paused VM into which the state was loaded on demand. */
    SHELL,
    /** A copy-on-write clone of the agent's template, created on demand. */
    CLONE,
    /** Booted from the image, with the agent deployed afterwards; ahead where there is a pool. */
    BOOT
}

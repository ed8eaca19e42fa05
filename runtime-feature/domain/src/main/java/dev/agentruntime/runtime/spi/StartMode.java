package dev.agentruntime.runtime.spi;

/** How a session's VM came to life, the quickest first. */
public enum StartMode {
    /** A clone that had already answered a request of the platform's and was paused. */
    PRIMED,
    /** A clone with its state loaded, paused, never run. */
    LOADED,
    /** A paused VM into which the state was loaded on demand. */
    SHELL,
    /** A copy-on-write clone of the agent's template, created on demand. */
    CLONE,
    /** Booted from the image, with the agent deployed afterwards. */
    BOOT
}

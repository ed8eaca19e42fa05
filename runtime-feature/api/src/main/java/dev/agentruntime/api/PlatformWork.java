package dev.agentruntime.api;

/** What the platform uses CPU for that no session is charged with. */
public enum PlatformWork {
    /** Making a template and trying it. */
    TEMPLATE,
    /** Making VMs that wait for sessions. */
    POOL,
    /** Bringing a VM to the point where its session begins. */
    START
}

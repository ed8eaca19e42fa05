package dev.agentruntime.api;

/** Whether the server takes requests. */
public enum ServerStage {

    /** It does. */
    RUNNING,

    /** It is being stopped: what is under way may come to its end, and nothing new begins. */
    STOPPING
}

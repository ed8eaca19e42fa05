package dev.agentruntime.sessions;

/** What becomes of sessions that live when the server stops. */
public enum OnStop {

    /** They are left to the server's next start. */
    KEEP,

    /** They are ended. */
    END
}

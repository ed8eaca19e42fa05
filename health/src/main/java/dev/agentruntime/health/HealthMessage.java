package dev.agentruntime.health;

import dev.agentruntime.log.LoggedMessage;
import java.util.logging.Logger;

/** Every message this module logs; ids AGRT2000 to AGRT2999. */
enum HealthMessage implements LoggedMessage {

    PLATFORM_MISSING("AGRT2001W",
            "The agent runtime is missing, so agents can be neither called nor pinged: %s",
            "The web application has looked for the agent runtime for ten seconds. It goes on looking.",
            "None when AGRT2002I follows. Otherwise look in the log for the error that keeps the agent runtime from starting."),
    LOOP_STARTED("AGRT2002I",
            "Agents are pinged every %s, and have %s to answer.",
            "The ping loop has found the agent runtime.",
            "None."),
    ROUND_FAILED("AGRT2003E",
            "A round of pings failed and is tried again in %s: %s",
            "The platform could not say which sessions are running.",
            "If it goes on, report it with the stack trace."),
    PING_FAILED("AGRT2004E",
            "Session %s of agent %s could not be asked or its answer not reported: %s",
            "Not the agent's fault, so it does not count against the session.",
            "If it goes on, report it with the stack trace.");

    private static final Logger LOG = Logger.getLogger("dev.agentruntime.health");

    private final Entry entry;

    HealthMessage(String id, String text, String explanation, String action) {
        entry = new Entry(id, text, explanation, action);
    }

    @Override
    public Entry entry() {
        return entry;
    }

    void log(Object... arguments) {
        log(LOG, arguments);
    }

    void log(Throwable cause, Object... arguments) {
        log(LOG, cause, arguments);
    }
}

package dev.agentruntime.health;

import java.text.MessageFormat;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Every message this module logs; ids AGRT2000 to AGRT2999. */
enum HealthMessage {

    PLATFORM_MISSING("AGRT2001I",
            "Agents are not pinged yet: {0}",
            "The web application started before the agent runtime did.",
            "None when AGRT2002I follows. Otherwise look for the error that keeps the agent runtime from starting."),
    LOOP_STARTED("AGRT2002I",
            "Agents are pinged every {0}, and have {1} to answer.",
            "The ping loop has found the agent runtime.",
            "None."),
    ROUND_FAILED("AGRT2003E",
            "A round of pings failed and is tried again in {0}: {1}",
            "The platform could not say which sessions are running.",
            "If it goes on, report it with the stack trace."),
    PING_FAILED("AGRT2004E",
            "Session {0} of agent {1} could not be asked or its answer not reported: {2}",
            "Not the agent's fault, so it does not count against the session.",
            "If it goes on, report it with the stack trace.");

    private static final Logger LOG = Logger.getLogger("dev.agentruntime.health");

    private final String id;
    private final String text;
    private final String explanation;
    private final String action;

    HealthMessage(String id, String text, String explanation, String action) {
        this.id = id;
        this.text = text;
        this.explanation = explanation;
        this.action = action;
    }

    String id() {
        return id;
    }

    /** With its placeholders. */
    String text() {
        return text;
    }

    String explanation() {
        return explanation;
    }

    String action() {
        return action;
    }

    void log(Object... arguments) {
        LOG.log(level(), () -> line(arguments));
    }

    void log(Throwable cause, Object... arguments) {
        LOG.log(level(), cause, () -> line(arguments));
    }

    private String line(Object... arguments) {
        return id + ": " + MessageFormat.format(text, arguments);
    }

    private Level level() {
        return switch (id.charAt(id.length() - 1)) {
            case 'E' -> Level.SEVERE;
            case 'W' -> Level.WARNING;
            default -> Level.INFO;
        };
    }
}

package dev.agentruntime.invocation;

import java.text.MessageFormat;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Every message this module logs; ids AGRT3000 to AGRT3999. */
enum InvocationMessage {

    REQUEST_FAILED("AGRT3001E",
            "Request {0} {1} {2} failed: {3}",
            "The platform failed while it served the request; the caller was answered with InternalServerException.",
            "Look at the stack trace and at the messages of the same time that name the runtime or session."),
    AGENT_BROKE_OFF("AGRT3002W",
            "Invocation {0} of session {1}: the answer broke off after it had begun: {2}",
            "The caller has the beginning of the answer with a success status. An event stream ends with an event named error;"
                    + " any other answer just ends early.",
            "Look at the agent's log, or for messages that say its VM died."),
    BAD_TIMEOUT("AGRT3003W",
            "{0} is not a positive ISO 8601 duration for firstByteTimeout; {1} is used instead.",
            "The context parameter firstByteTimeout or AGENT_RUNTIME_FIRST_BYTE_TIMEOUT cannot be read.",
            "Write it like PT15M.");

    private static final Logger LOG = Logger.getLogger("dev.agentruntime.invocation");

    private final String id;
    private final String text;
    private final String explanation;
    private final String action;

    InvocationMessage(String id, String text, String explanation, String action) {
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

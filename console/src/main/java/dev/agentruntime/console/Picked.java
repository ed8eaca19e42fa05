package dev.agentruntime.console;

import dev.agentruntime.api.SessionView;
import java.util.Optional;

/**
 * A session that a form names.
 *
 * @param agent its agent runtime
 * @param id    its id there
 */
record Picked(String agent, String id) {

    static Picked of(SessionView session) {
        return new Picked(session.runtime(), session.sessionId());
    }

    /** Empty where the text names none. */
    static Optional<Picked> of(String text) {
        int slash = text.indexOf('/');
        return slash <= 0 || slash == text.length() - 1 ? Optional.empty() : Optional.of(new Picked(text.substring(0, slash), text.substring(slash + 1)));
    }

    /** Names of agents have no slash. */
    String text() {
        return agent + "/" + id;
    }
}

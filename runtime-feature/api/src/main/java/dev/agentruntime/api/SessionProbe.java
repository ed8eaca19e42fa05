package dev.agentruntime.api;

import java.time.Duration;

/** A running session whose agent can be asked how it is. Thread-safe. */
public interface SessionProbe {

    /** The agent runtime's name. */
    String runtime();

    String sessionId();

    /** Asks. Blocks up to {@code timeout}; a VM that does not answer is an answer too. */
    PingAnswer ask(Duration timeout);

    /**
     * Reports what the answer meant; moves the session's life on.
     *
     * @param said the answer in short, for people: it stands in the reason when this ping ends the session
     */
    void report(PingStatus status, String said);
}

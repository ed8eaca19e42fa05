package dev.agentruntime.store;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.logging.Logger;

/** Whether the directory works as far as is known. Told once per outage, and no more than once a minute. Thread-safe. */
final class DirectoryLink {

    private static final Logger LOG = Logger.getLogger(DirectoryLink.class.getName());
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);
    private static final int LONGEST_REASON = 1000;

    /** A database that answers some and not others would fill the log. */
    private enum State { UP, DOWN_AND_TOLD, DOWN_IN_SILENCE }

    private final Clock clock;
    private final BindingPatience patience = new BindingPatience();
    private State state = State.UP;
    private Instant warnFrom = Instant.EPOCH;

    DirectoryLink(Clock clock) {
        this.clock = clock;
    }

    synchronized boolean isUp() {
        return state == State.UP;
    }

    synchronized void worked() {
        patience.bound();
        if (state == State.DOWN_AND_TOLD) {
            StoreMessage.DIRECTORY_UP.log(LOG);
        }
        state = State.UP;
    }

    /** Returns what a caller is told; what the database said is for the log. */
    synchronized DirectoryUnavailableException failed(SQLException why) {
        Instant now = clock.instant();
        if (why instanceof NotBoundException) {
            if (state == State.UP && patience.holds(now)) {
                return new DirectoryUnavailableException("The database of session ids is not there yet.", why);
            }
        } else {
            patience.bound();
        }
        if (state == State.UP) {
            state = State.DOWN_IN_SILENCE;
        }
        if (state == State.DOWN_IN_SILENCE && !now.isBefore(warnFrom)) {
            state = State.DOWN_AND_TOLD;
            warnFrom = now.plus(BETWEEN_WARNINGS);
            StoreMessage.DIRECTORY_DOWN.log(LOG, Texts.cleaned(String.valueOf(why.getMessage()), LONGEST_REASON));
        }
        return new DirectoryUnavailableException("The database of session ids does not answer.", why);
    }
}

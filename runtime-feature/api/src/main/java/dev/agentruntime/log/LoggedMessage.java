package dev.agentruntime.log;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One message of the platform's log. Each module lists its own in an enum that implements this. Thread-safe and, but for
 * what the log's handlers do, not blocking.
 */
public interface LoggedMessage {

    /**
     * What the manual says of a message.
     *
     * @param id          {@code AGRT}, four digits, and {@code I}, {@code W} or {@code E} for its level; never used again for another
     * @param text        with its placeholders, those of {@link String#format}
     * @param explanation what has happened and what follows from it
     * @param action      what whoever reads the log should do
     */
    record Entry(String id, String text, String explanation, String action) {}

    Entry entry();

    default String id() {
        return entry().id();
    }

    default String text() {
        return entry().text();
    }

    default String explanation() {
        return entry().explanation();
    }

    default String action() {
        return entry().action();
    }

    /**
     * As it is logged, its id first.
     *
     * @throws java.util.IllegalFormatException the text does not fit the arguments
     */
    default String line(Object... arguments) {
        return id() + ": " + String.format(text(), arguments);
    }

    default Level level() {
        return switch (id().charAt(id().length() - 1)) {
            case 'E' -> Level.SEVERE;
            case 'W' -> Level.WARNING;
            default -> Level.INFO;
        };
    }

    default void log(Logger logger, Object... arguments) {
        logger.log(level(), () -> line(arguments));
    }

    /** The same with the stack trace of {@code cause}. */
    default void log(Logger logger, Throwable cause, Object... arguments) {
        logger.log(level(), cause, () -> line(arguments));
    }
}

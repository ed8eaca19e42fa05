package dev.agentruntime.runtime.spi;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One message of the platform's log. Each module lists its own in an enum that implements this. Thread-safe and, but for
 * what the log's handlers do, not blocking.
 */
public interface LoggedMessage {

    /** {@code AGRT}, four digits, and {@code I}, {@code W} or {@code E} for its level. Never used again for another message. */
    String id();

    /** With its placeholders, those of {@link String#format}. */
    String text();

    /** What has happened and what follows from it. */
    String explanation();

    /** What whoever reads the log should do. */
    String action();

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

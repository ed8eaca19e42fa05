package dev.agentruntime.logs;

import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionPart;
import dev.agentruntime.spi.SessionRoom;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/** Has the log of every session that begins read and kept. */
final class LogRoom implements SessionRoom {

    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    private final LogShelf shelf;
    private final Supplier<LogsSettings> settings;
    private final LogThreads threads;
    private final Clock clock;

    /** @param settings as they are now */
    LogRoom(LogShelf shelf, Supplier<LogsSettings> settings, LogThreads threads, Clock clock) {
        this.shelf = shelf;
        this.settings = settings;
        this.threads = threads;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "logs";
    }

    @Override
    public SessionPart join(SessionFacts session) {
        shelf.awaitRecovery();
        return new LogPart(shelf.open(LogName.of(session)), settings, threads, clock, LAST_WORDS);
    }
}

package dev.agentruntime.logs;

import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.LogLine.Severity;
import dev.agentruntime.api.LogLine.Source;
import dev.agentruntime.spi.SessionGuest;
import dev.agentruntime.spi.SessionPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.logging.Logger;

/** Keeps the log of one session. Thread-safe. */
final class LogPart implements SessionPart {

    private static final Logger LOG = Logger.getLogger(LogPart.class.getName());
    private static final Duration BETWEEN_COMPLAINTS = Duration.ofMinutes(1);
    private static final int CONSOLE_LINES = 60;
    /** For the last line that is not the platform's. */
    private static final int LOOKED_THROUGH = 200;

    private final KeptLog log;
    private final HostLog hostLog;
    private final Supplier<LogsSettings> settings;
    private final LogThreads threads;
    private final Clock clock;
    private final Duration lastWords;
    private Optional<SessionGuest> guest = Optional.empty();
    private volatile Optional<LogReader> reader = Optional.empty();
    private final AtomicReference<Instant> nextComplaint = new AtomicReference<>(Instant.MIN);

    /** @param lastWords how long a guest's last words are waited for, on a thread that is the session's own */
    LogPart(KeptLog log, Supplier<LogsSettings> settings, LogThreads threads, Clock clock, Duration lastWords) {
        this.log = log;
        this.hostLog = new HostLog(log.name().runtime(), log.name().sessionId(), () -> settings.get().hostLog(), System::nanoTime);
        this.settings = settings;
        this.threads = threads;
        this.clock = clock;
        this.lastWords = lastWords;
    }

    /** The host opens the stream that the log comes on. */
    @Override
    public boolean takesStreams() {
        return false;
    }

    /** A guest that is paused before it has taken the stream of its log would keep to itself what its agent said first. */
    @Override
    public boolean waits() {
        return reader.filter(LogReader::isExpected).isPresent();
    }

    /** A second VM of a session whose first did not live is read as well. */
    @Override
    public synchronized void begun(SessionGuest begun) {
        reader.ifPresent(before -> before.finish(LogReader.Until.SILENCE, Duration.ZERO));
        read(begun, new LogReader(begun, this::keep, this::given, threads, clock));
    }

    /** The guest still has some of what an earlier run of the server has kept. */
    @Override
    public synchronized void resumed(SessionGuest begun) {
        Overlap overlap = new Overlap(lastOfTheGuest(), this::keep);
        read(begun, new LogReader(begun, overlap, overlap::settle, this::given, threads, clock, Instant.EPOCH));
    }

    private void read(SessionGuest from, LogReader now) {
        guest = Optional.of(from);
        reader = Optional.of(now);
        now.start();
    }

    private Optional<LogLine> lastOfTheGuest() {
        try {
            return log.last(LOOKED_THROUGH).stream().filter(line -> line.source() != Source.PLATFORM).reduce((one, later) -> later);
        } catch (UncheckedIOException unreadable) {
            return Optional.empty();
        }
    }

    /** Every line until now is kept; the next run of the server goes on after it. */
    @Override
    public synchronized void leaving() {
        guest.ifPresent(last -> reader.ifPresent(now ->
                now.finish(last.isPaused() ? LogReader.Until.SILENCE : LogReader.Until.END, lastWords)));
    }

    /** Its log goes on where it was when it was put on the disk. */
    @Override
    public void moved() {
        reader.ifPresent(LogReader::again);
    }

    /** While its VM is still as it was: one that has died has said why, one that is stopped is heard out, one that is paused says nothing. */
    @Override
    public synchronized void ending(EndCode code, String sentence) {
        if (reader.isEmpty() || guest.isEmpty()) {
            return;
        }
        boolean died = code == EndCode.VM_DIED;
        SessionGuest last = guest.get();
        reader.get().finish(!died && last.isPaused() ? LogReader.Until.SILENCE : LogReader.Until.END, lastWords);
        CompletableFuture<Void> kept = new CompletableFuture<>();
        threads.run(() -> {
            List<Said> end = new ArrayList<>(died ? console(last) : List.of());
            end.add(new Said(clock.instant(), Source.PLATFORM, died ? Severity.ERROR : Severity.INFO, "The session has ended: " + sentence));
            keep(end);
            kept.complete(null);
        });
        // A disk that hangs does not hold up the session's end.
        kept.completeOnTimeout(null, lastWords.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    /** Of a guest that ended as a whole only its console speaks. */
    private List<Said> console(SessionGuest dead) {
        return ConsoleTail.missing(dead.logTail(CONSOLE_LINES), logged()).stream()
                .map(line -> new Said(clock.instant(), Source.GUEST, Severity.ERROR, line)).toList();
    }

    private List<String> logged() {
        try {
            return log.last(4 * CONSOLE_LINES).stream().map(LogLine::text).toList();
        } catch (UncheckedIOException unreadable) {
            // Then the console is kept as a whole, and whoever reads the log is told why it cannot be read.
            return List.of();
        }
    }

    private void given(String why) {
        Said told = Said.byPlatform(clock.instant(), "The log cannot be read from the guest any more: " + why);
        LogsMessage.NO_LOG.log(LOG, log.name(), LineText.of(why));
        keep(List.of(told));
    }

    private void keep(List<Said> lines) {
        try {
            log.add(lines);
        } catch (IOException e) {
            complain(e);
        }
        synchronized (hostLog) {
            lines.forEach(hostLog::pass);
        }
    }

    private void complain(IOException e) {
        Instant now = clock.instant();
        Instant next = nextComplaint.get();
        if (!now.isBefore(next) && nextComplaint.compareAndSet(next, now.plus(BETWEEN_COMPLAINTS))) {
            LogsMessage.NOT_WRITTEN.log(LOG, log.name(), settings.get().directory(), e.toString());
        }
    }

    @Override
    public void close() {
        log.end(clock.instant());
        threads.run(() -> {
            synchronized (hostLog) {
                hostLog.end();
            }
        });
    }
}

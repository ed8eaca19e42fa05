package dev.agentruntime.logs;

import dev.agentruntime.api.SessionLog;
import dev.agentruntime.api.SessionLogs;
import dev.agentruntime.api.SessionView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/** All logs: of sessions that live, and of those that ended a while ago. Thread-safe. */
final class LogShelf implements SessionLogs {

    private static final Logger LOG = Logger.getLogger(LogShelf.class.getName());

    /** What a log takes on the disk however little it holds: a folder, two files that are not full. */
    private static final long LEAST_BYTES = 16 * 1024;
    private static final Pattern OURS = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Path directory;
    private final Supplier<LogsSettings> settings;
    private final Clock clock;
    private final ConcurrentMap<LogName, KeptLog> logs = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final ReentrantLock shrinking = new ReentrantLock();
    private volatile CompletableFuture<Void> recovered = CompletableFuture.completedFuture(null);

    /** A log whose session has ended, as it was when it was looked at. */
    private record Ended(KeptLog log, Instant at) {}

    /** @param settings as they are now */
    LogShelf(Path directory, Supplier<LogsSettings> settings, Clock clock) {
        this.directory = directory;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Optional<SessionLog> of(SessionView session) {
        return Optional.ofNullable(logs.get(LogName.of(session)));
    }

    /** The log of a session that begins. Does not block. */
    KeptLog open(LogName name) {
        return logs.compute(name, (same, before) -> {
            KeptLog log = Optional.ofNullable(before).orElseGet(() -> made(name));
            log.open();
            return log;
        });
    }

    private KeptLog made(LogName name) {
        Path folder = directory.resolve(UUID.randomUUID().toString());
        LogFile file = new LogFile(folder, () -> settings.get().maxSessionBytes(), bytes::addAndGet);
        return new KeptLog(name, folder, file, this::shrink, Optional.empty());
    }

    /**
     * Begins to take what an earlier run of this server has left. Does not block.
     *
     * @param patience how long sessions that begin wait for it: a disk may hang
     */
    void recoverOn(LogThreads threads, Duration patience) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        recovered = done.completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS);
        threads.run(() -> {
            try {
                recover();
            } finally {
                done.complete(null);
            }
        });
    }

    /** Waits until it is known which logs an earlier run has left: a session that is begun anew goes on with its own. */
    void awaitRecovery() {
        recovered.join();
    }

    /** Takes what an earlier run of this server has left. Blocks for the disk. */
    void recover() {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(directory, LogShelf::mayBeOurs)) {
            folders.forEach(this::recoverOrTell);
        } catch (IOException | DirectoryIteratorException e) {
            LogsMessage.NOT_READ.log(LOG, directory, e.toString());
        }
    }

    /** Somebody may have named a directory that holds other things as well. */
    private static boolean mayBeOurs(Path folder) {
        return OURS.matcher(folder.getFileName().toString()).matches() && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
    }

    private void recoverOrTell(Path folder) {
        try {
            recover(folder);
        } catch (IOException | UncheckedIOException e) {
            LogsMessage.NOT_READ.log(LOG, folder, e.toString());
        }
    }

    private void recover(Path folder) throws IOException {
        Optional<LogName> name = LogName.read(folder);
        if (name.isPresent() && isLive(name.get(), folder)) {
            return;
        }
        LogFile file = LogFile.found(folder, () -> settings.get().maxSessionBytes(), bytes::addAndGet);
        if (name.isEmpty() || logs.putIfAbsent(name.get(),
                new KeptLog(name.get(), folder, file, this::shrink, Optional.of(lastWritten(folder)))) != null) {
            file.delete();
        }
    }

    /** A session of this run may have made the folder meanwhile. */
    private boolean isLive(LogName name, Path folder) {
        return Optional.ofNullable(logs.get(name)).filter(log -> log.folder().equals(folder)).isPresent();
    }

    private static Instant lastWritten(Path folder) throws IOException {
        Instant last = Files.getLastModifiedTime(folder).toInstant();
        for (Path part : OwnFolder.parts(folder).values()) {
            Instant written = Files.getLastModifiedTime(part).toInstant();
            last = written.isAfter(last) ? written : last;
        }
        return last;
    }

    /** Deletes what has been kept for long enough. Blocks for the disk. */
    void sweep() {
        Instant now = clock.instant();
        logs.values().forEach(log -> {
            if (log.isDue(settings.get().keepFor(), now)) {
                remove(log);
            }
        });
        thinOut();
        shrink();
    }

    /** Logs that hold next to nothing take room as well. */
    private void thinOut() {
        long tooMany = logs.size() - settings.get().maxBytes() / LEAST_BYTES;
        if (tooMany > 0) {
            ended().stream().limit(tooMany).forEach(this::remove);
        }
    }

    /** Deletes the oldest until all is within the bound: first of sessions that have ended, then of the one that has most. */
    private void shrink() {
        if (bytes.get() <= settings.get().maxBytes() || !shrinking.tryLock()) {
            return;
        }
        try {
            ended().forEach(log -> {
                if (bytes.get() > settings.get().maxBytes()) {
                    remove(log);
                }
            });
            while (bytes.get() > settings.get().maxBytes() && dropFromTheLargest()) {
                continue;
            }
        } finally {
            shrinking.unlock();
        }
    }

    private List<KeptLog> ended() {
        return logs.values().stream().flatMap(log -> log.ended().map(at -> new Ended(log, at)).stream())
                .sorted(Comparator.comparing(Ended::at)).map(Ended::log).toList();
    }

    private boolean dropFromTheLargest() {
        Optional<KeptLog> largest = logs.values().stream().max(Comparator.comparingLong(log -> log.file().bytes()));
        try {
            return largest.isPresent() && largest.get().file().dropOldest();
        } catch (IOException e) {
            LogsMessage.NOT_DELETED.log(LOG, e.toString());
            return true;
        }
    }

    /** A session that begins meanwhile has it for its own again. */
    private void remove(KeptLog log) {
        logs.computeIfPresent(log.name(), (name, now) -> now == log && log.ended().isPresent() ? null : now);
        if (logs.get(log.name()) != log) {
            delete(log);
        }
    }

    private static void delete(KeptLog log) {
        try {
            log.file().delete();
            log.file().tell();
        } catch (IOException e) {
            LogsMessage.NOT_DELETED.log(LOG, e.toString());
        }
    }

    /** How much all logs have on disk. Does not block. */
    long bytes() {
        return bytes.get();
    }
}

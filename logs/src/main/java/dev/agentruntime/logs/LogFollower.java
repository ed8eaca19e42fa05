package dev.agentruntime.logs;

import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.SessionLog;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Reads a log from a place in it on. */
final class LogFollower implements SessionLog.Follower {

    private static final Runnable NOBODY = () -> { };

    /** What there was to see when it was looked last. */
    private record Seen(long next, boolean ended) {}

    private final KeptLog log;
    private LogFile.Place place;
    private long after;
    private Seen seen;
    private volatile boolean atEnd;
    private volatile Runnable waiting = NOBODY;

    LogFollower(KeptLog log, long after) {
        this.log = log;
        this.after = after;
        this.place = log.file().before(after + 1);
        this.seen = new Seen(-1, false);
    }

    @Override
    public List<LogLine> next() {
        seen = look();
        while (true) {
            LogFile.Piece piece = log.file().read(place);
            if (piece.after().equals(place)) {
                atEnd = seen.ended();
                return List.of();
            }
            place = piece.after();
            List<LogLine> lines = piece.lines().stream().filter(line -> line.number() > after).toList();
            if (!lines.isEmpty()) {
                after = lines.get(lines.size() - 1).number();
                return lines;
            }
        }
    }

    private Seen look() {
        return new Seen(log.file().nextNumber(), log.ended().isPresent());
    }

    @Override
    public boolean atEnd() {
        return atEnd;
    }

    /** What came between the last look and now is told at once. */
    @Override
    public void onNews(Runnable callback) {
        AtomicBoolean told = new AtomicBoolean();
        Runnable once = () -> {
            if (told.compareAndSet(false, true)) {
                callback.run();
            }
        };
        // Who was woken by something else comes again without having been told.
        log.file().forget(waiting);
        waiting = once;
        log.file().onNews(once);
        if (!look().equals(seen)) {
            log.file().forget(once);
            once.run();
        }
    }

    @Override
    public void close() {
        log.file().forget(waiting);
    }
}

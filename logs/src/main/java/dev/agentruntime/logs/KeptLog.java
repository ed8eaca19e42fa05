package dev.agentruntime.logs;

import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.SessionLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A session's log, open while the session lives and kept for a while after. Thread-safe. */
final class KeptLog implements SessionLog {

    private final LogName name;
    private final Path folder;
    private final LogFile file;
    private final Runnable written;
    private volatile Optional<Instant> ended;
    private volatile boolean named;

    /** @param written called when it has grown, on the thread that has written */
    KeptLog(LogName name, Path folder, LogFile file, Runnable written, Optional<Instant> ended) {
        this.name = name;
        this.folder = folder;
        this.file = file;
        this.written = written;
        this.ended = ended;
        this.named = ended.isPresent();
    }

    LogName name() {
        return name;
    }

    Path folder() {
        return folder;
    }

    /** Adds lines. Blocks for the disk. */
    void add(List<Said> lines) throws IOException {
        if (!named) {
            file.note(LogName.FILE, name.written());
            named = true;
        }
        file.add(lines);
        written.run();
    }

    /** A session of this name begins. */
    void open() {
        ended = Optional.empty();
    }

    /** No line comes any more, unless a session of this name begins. */
    void end(Instant now) {
        ended = Optional.of(now);
        file.tell();
    }

    Optional<Instant> ended() {
        return ended;
    }

    /** Whether it is not to be kept any more. */
    boolean isDue(Duration keepFor, Instant now) {
        return ended.filter(end -> file.bytes() == 0 || !end.plus(keepFor).isAfter(now)).isPresent();
    }

    LogFile file() {
        return file;
    }

    /** The latest lines, oldest first. Blocks for the disk. */
    List<LogLine> last(int most) {
        return file.last(most);
    }

    @Override
    public Follower latest(int lines) {
        return new LogFollower(this, file.nextNumber() - lines - 1);
    }

    @Override
    public Follower after(long number) {
        return new LogFollower(this, number < file.nextNumber() ? number : -1);
    }
}

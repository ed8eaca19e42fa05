package dev.agentruntime.invocation;

import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.SessionLog;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.eclipse.jetty.io.Content;

/**
 * A log as a body that is read from the disk a piece at a time. Where it is followed, it comes as the log is written, with a comment
 * now and then, by which proxies see that it lives and we that its reader does.
 */
final class LogSource implements Content.Source {

    static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);

    private static final Runnable NOBODY = () -> { };

    private final SessionLog.Follower log;
    private final LogForm form;
    private final Optional<Integer> most;
    private final Executor threads;
    private final BiConsumer<Duration, Runnable> timer;
    private final AtomicReference<Runnable> demanded = new AtomicReference<>(NOBODY);
    private volatile boolean commentDue;
    private volatile boolean closed;
    private boolean begun;
    private boolean last;
    private int sent;

    /**
     * @param most    how many lines; empty to follow the log
     * @param threads where who demands is told
     * @param timer   runs something later
     */
    LogSource(SessionLog.Follower log, LogForm form, Optional<Integer> most, Executor threads, BiConsumer<Duration, Runnable> timer) {
        this.log = log;
        this.form = form;
        this.most = most;
        this.threads = threads;
        this.timer = timer;
        if (most.isEmpty()) {
            timer.accept(SIGN_OF_LIFE, this::comment);
        }
    }

    private void comment() {
        if (!closed) {
            commentDue = true;
            wake();
            timer.accept(SIGN_OF_LIFE, this::comment);
        }
    }

    @Override
    public Content.Chunk read() {
        if (closed || last) {
            return Content.Chunk.EOF;
        }
        if (!begun) {
            begun = true;
            return chunk(form.beginning());
        }
        try {
            return most.isPresent() ? upTo(most.get()) : followed();
        } catch (RuntimeException e) {
            return Content.Chunk.from(e);
        }
    }

    private Content.Chunk upTo(int count) {
        List<LogLine> lines = sent < count ? log.next() : List.of();
        return lines.isEmpty() ? end() : chunk(lines.subList(0, Math.min(lines.size(), count - sent)));
    }

    /** Null when there is nothing yet. */
    private Content.Chunk followed() {
        List<LogLine> lines = log.next();
        if (!lines.isEmpty()) {
            return chunk(lines);
        }
        if (log.atEnd()) {
            return end();
        }
        if (commentDue) {
            commentDue = false;
            return chunk(LogForm.Events.COMMENT);
        }
        return null;
    }

    private Content.Chunk chunk(List<LogLine> lines) {
        boolean first = sent == 0;
        // Nobody counts the lines of a log that is followed.
        sent = Math.max(1, most.isPresent() ? sent + lines.size() : 1);
        return chunk(form.lines(lines, first));
    }

    private Content.Chunk end() {
        last = true;
        return chunk(form.end());
    }

    private static Content.Chunk chunk(String text) {
        return Content.Chunk.from(ByteBuffer.wrap(LogForm.bytes(text)), false);
    }

    @Override
    public void demand(Runnable callback) {
        demanded.set(callback);
        log.onNews(this::wake);
        if (closed || commentDue) {
            wake();
        }
    }

    private void wake() {
        Runnable waiting = demanded.getAndSet(NOBODY);
        if (waiting != NOBODY) {
            try {
                threads.execute(waiting);
            } catch (RejectedExecutionException stopped) {
                closed = true;
            }
        }
    }

    @Override
    public void fail(Throwable failure) {
        close();
    }

    /** Whoever reads gets the end. */
    void close() {
        closed = true;
        log.close();
        wake();
    }
}

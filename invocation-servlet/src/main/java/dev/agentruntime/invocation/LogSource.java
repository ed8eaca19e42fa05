package dev.agentruntime.invocation;

import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.SessionLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.eclipse.jetty.io.Content;

/**
 * A log as a body of events that comes as the log is written, with a comment now and then, by which proxies see that it lives and we
 * that its reader does.
 */
final class LogSource implements Content.Source {

    static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);

    private static final Runnable NOBODY = () -> { };
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "event: end\ndata: {}\n\n".getBytes(StandardCharsets.US_ASCII);

    private final SessionLog.Follower log;
    private final Executor threads;
    private final BiConsumer<Duration, Runnable> timer;
    private final AtomicReference<Runnable> demanded = new AtomicReference<>(NOBODY);
    private volatile boolean commentDue;
    private volatile boolean closed;
    private boolean last;

    /**
     * @param threads where who demands is told
     * @param timer   runs something later
     */
    LogSource(SessionLog.Follower log, Executor threads, BiConsumer<Duration, Runnable> timer) {
        this.log = log;
        this.threads = threads;
        this.timer = timer;
        timer.accept(SIGN_OF_LIFE, this::comment);
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
        try {
            List<LogLine> lines = log.next();
            if (!lines.isEmpty()) {
                return chunk(LogViews.events(lines));
            }
            if (log.atEnd()) {
                last = true;
                return chunk(END);
            }
        } catch (RuntimeException e) {
            return Content.Chunk.from(e);
        }
        if (commentDue) {
            commentDue = false;
            return chunk(COMMENT);
        }
        return null;
    }

    private static Content.Chunk chunk(byte[] bytes) {
        return Content.Chunk.from(ByteBuffer.wrap(bytes), false);
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

package dev.agentruntime.invocation;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionLog;
import dev.agentruntime.api.Subject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * Sends logs to callers as they are written, as server-sent events. A caller that waits for the next line holds no thread; one that
 * does not read misses what is dropped meanwhile and holds up nobody. Thread-safe.
 */
final class FollowedLogs {

    static final int MOST_OF_ONE = 32;
    static final int MOST = 512;
    private static final int THREADS = 8;
    private static final Duration KEPT = Duration.ofSeconds(10);

    private static final byte[] LAST_WORDS =
            "event: error\ndata: {\"message\":\"The log cannot be read at this moment\"}\n\n".getBytes(StandardCharsets.US_ASCII);

    private final BiConsumer<Duration, Runnable> timer;
    private final SlowWrites writes;
    private final ThreadPoolExecutor threads;
    private final ConcurrentHashMap<Subject, Integer> followers = new ConcurrentHashMap<>();

    /** @param timer runs something later */
    FollowedLogs(BiConsumer<Duration, Runnable> timer, SlowWrites writes) {
        this.timer = timer;
        this.writes = writes;
        threads = new ThreadPoolExecutor(THREADS, THREADS, KEPT.toSeconds(), TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "agent-followed-logs");
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Begins; takes over {@code log} and closes it.
     *
     * @throws RequestException too many logs are followed
     */
    void follow(HttpServletRequest request, HttpServletResponse response, Subject subject, SessionLog.Follower log) throws IOException {
        try {
            enter(subject);
        } catch (RequestException e) {
            log.close();
            throw e;
        }
        LogSource source = new LogSource(log, threads, timer);
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        AtomicBoolean over = new AtomicBoolean();
        Runnable end = () -> {
            if (over.compareAndSet(false, true)) {
                leave(subject);
                source.close();
                async.complete();
            }
        };
        try {
            response.setContentType("text/event-stream;charset=UTF-8");
            response.setHeader("Cache-Control", "no-cache");
            response.setHeader("X-Accel-Buffering", "no");
            // Liberty sends no head on a flush of the stream alone, and a silent log should be seen to have begun.
            response.flushBuffer();
            response.getOutputStream().setWriteListener(new AnswerRelay(source, response.getOutputStream(), LAST_WORDS, new AnswerRelay.Ending() {
                @Override
                public void callerLeft(Throwable cause) {
                    source.close();
                }

                @Override
                public void ended(Optional<Throwable> brokenOff) {
                    end.run();
                }
            }, writes.executorFor(request, subject)));
        } catch (IOException | RuntimeException callerLeft) {
            end.run();
        }
    }

    private void enter(Subject subject) {
        int own = followers.merge(subject, 1, Integer::sum);
        int all = followers.values().stream().mapToInt(Integer::intValue).sum();
        if (own > MOST_OF_ONE || all > MOST) {
            leave(subject);
            throw new RequestException(Kind.THROTTLED, own > MOST_OF_ONE ? "You follow " + MOST_OF_ONE + " logs already. End one first."
                    : MOST + " logs are followed already, as many as this server lets be. Ask again in a moment.");
        }
    }

    private void leave(Subject subject) {
        followers.computeIfPresent(subject, (who, count) -> count == 1 ? null : count - 1);
    }

    /** How many logs are followed now. */
    int size() {
        return followers.values().stream().mapToInt(Integer::intValue).sum();
    }
}

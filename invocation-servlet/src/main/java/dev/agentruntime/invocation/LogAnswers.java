package dev.agentruntime.invocation;

import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionLog;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import dev.agentruntime.invocation.Operation.Call;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * Sends logs to callers, a piece at a time, however long they are. A caller that waits for the next line holds no thread; one that
 * does not read misses what is dropped meanwhile and holds up nobody. Thread-safe.
 */
final class LogAnswers {

    static final int MOST_OF_ONE = 32;
    static final int MOST = 512;
    private static final int THREADS = 8;
    private static final Duration KEPT = Duration.ofSeconds(10);

    private final BiConsumer<Duration, Runnable> timer;
    private final SlowWrites writes;
    private final ThreadPoolExecutor threads;
    private final Shares<Subject> shares = new Shares<>(MOST_OF_ONE);
    private final AtomicInteger all = new AtomicInteger();

    /** @param timer runs something later */
    LogAnswers(BiConsumer<Duration, Runnable> timer, SlowWrites writes) {
        this.timer = timer;
        this.writes = writes;
        threads = new ThreadPoolExecutor(THREADS, THREADS, KEPT.toSeconds(), TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "agent-logs-to-callers");
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
        // The first line that anybody follows would else wait for the classes by which it is written.
        threads.execute(() -> new LogForm.Events().lines(List.of(new LogLine(0, Instant.EPOCH, LogLine.Source.PLATFORM, LogLine.Severity.INFO, "")), true));
    }

    /**
     * Begins to send; takes over {@code log} and closes it.
     *
     * @param lines how many lines are sent, empty for all that come until the session's end
     * @throws RequestException too many logs are being read
     */
    void send(Call call, SessionView session, SessionLog.Follower log, LogForm form, Optional<Integer> lines) throws IOException {
        Subject subject = call.caller().subject();
        try {
            enter(subject);
        } catch (RequestException e) {
            log.close();
            throw e;
        }
        LogSource source = new LogSource(log, form, lines, threads, timer);
        AsyncContext async = call.request().startAsync();
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
            HttpServletResponse response = call.response();
            response.setContentType(form.contentType());
            response.setHeader("Cache-Control", "no-cache");
            response.setHeader("X-Accel-Buffering", "no");
            // Liberty sends no head on a flush of the stream alone, and a silent log should be seen to have begun.
            HeadOfAnswer.send(response);
            response.getOutputStream().setWriteListener(new AnswerRelay(source, response.getOutputStream(),
                    LogForm.bytes(form.lastWords().orElse("")), new AnswerRelay.Ending() {
                        @Override
                        public void callerLeft(Throwable cause) {
                            source.close();
                        }

                        @Override
                        public void ended(Optional<Throwable> brokenOff) {
                            brokenOff.ifPresent(cause -> InvocationMessage.LOG_BROKE_OFF.log(session.runtime(), session.sessionId(), cause));
                            if (brokenOff.isPresent() && form.lastWords().isEmpty()) {
                                CallerConnection.breakOff(call.request());
                            }
                            end.run();
                        }
                    }, writers(call.request(), subject)));
        } catch (IOException | RuntimeException callerLeft) {
            end.run();
        }
    }

    /** A log has much to say at once, and Liberty has few threads that take requests. */
    private Executor writers(HttpServletRequest request, Subject subject) {
        return request.getProtocol().startsWith("HTTP/1") ? threads : writes.executorFor(request, subject);
    }

    private void enter(Subject subject) {
        if (!shares.take(subject)) {
            throw new RequestException(Kind.THROTTLED, "You read " + MOST_OF_ONE + " logs already. End one first.");
        }
        if (all.incrementAndGet() > MOST) {
            leave(subject);
            throw new RequestException(Kind.THROTTLED, MOST + " logs are read already, as many as this server lets be. Ask again in a moment.");
        }
    }

    private void leave(Subject subject) {
        all.decrementAndGet();
        shares.giveBack(subject);
    }

    /** How many logs are being read now. */
    int size() {
        return all.get();
    }
}

package dev.agentruntime.health;

import dev.agentruntime.api.Durations;
import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.SessionProbe;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Asks every running session's agent how it is, each on a worker of its own, and reports what it answered. A ping whose time
 * has passed has failed, whether or not the asking has come back: a guest cannot escape by keeping the question. Thread-safe.
 */
final class PingRound {

    /** How much longer than its time-out a ping may take before it is counted without waiting for it. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** A ping that has not come back. */
    private static final class Out {
        private enum Stage { IN_TIME, LATE, ANSWERED }

        private final SessionProbe target;
        private long since;
        private Stage stage = Stage.IN_TIME;

        Out(SessionProbe target, long since) {
            this.target = target;
            this.since = since;
        }

        /** Whether it is late now; the time begins anew, so each time-out counts once. */
        synchronized boolean isLate(long now, Duration limit) {
            if (stage == Stage.ANSWERED || now - since < limit.toNanos()) {
                return false;
            }
            since = now;
            stage = Stage.LATE;
            return true;
        }

        /** Takes the answer, and returns whether it came before the ping was counted as failed. */
        synchronized boolean answered() {
            boolean inTime = stage == Stage.IN_TIME;
            stage = Stage.ANSWERED;
            return inTime;
        }
    }

    private final Platform platform;
    private final Executor workers;
    private final LongSupplier clock;
    private final Map<SessionName, Out> asked = new ConcurrentHashMap<>();

    /** @param clock nanoseconds from any beginning */
    PingRound(Platform platform, Executor workers, LongSupplier clock) {
        this.platform = platform;
        this.workers = workers;
        this.clock = clock;
    }

    /** Begins a round and does not wait for it. A session whose last ping is still out is left out. */
    void begin() {
        Duration timeout = platform.pingPolicy().timeout();
        countLate(timeout);
        platform.probes().forEach(target -> start(target, timeout));
    }

    /** Asks one session out of turn and does not wait for it. One whose last ping is still out is left out. */
    void askNow(SessionProbe target) {
        start(target, platform.pingPolicy().timeout());
    }

    private void countLate(Duration timeout) {
        long now = clock.getAsLong();
        asked.values().stream().filter(out -> out.isLate(now, timeout.plus(GRACE))).forEach(out ->
                workers.execute(() -> report(out.target, PingStatus.FAILED, "no answer within " + Durations.text(timeout))));
    }

    private void start(SessionProbe target, Duration timeout) {
        SessionName session = SessionName.of(target);
        Out out = new Out(target, clock.getAsLong());
        if (asked.putIfAbsent(session, out) != null) {
            return;
        }
        boolean handed = false;
        try {
            workers.execute(() -> ask(session, out, timeout));
            handed = true;
        } finally {
            if (!handed) {
                asked.remove(session, out);
            }
        }
    }

    private void ask(SessionName session, Out out, Duration timeout) {
        try {
            PingAnswer answer = out.target.ask(timeout);
            if (out.answered()) {
                report(out.target, PingJudge.judge(answer), PingJudge.quote(answer));
            }
        } catch (RuntimeException e) {
            HealthMessage.PING_FAILED.log(e, session.id(), session.runtime(), e.getMessage());
        } finally {
            asked.remove(session, out);
        }
    }

    private static void report(SessionProbe target, PingStatus status, String said) {
        try {
            target.report(status, said);
        } catch (RuntimeException e) {
            HealthMessage.PING_FAILED.log(e, target.sessionId(), target.runtime(), e.getMessage());
        }
    }
}

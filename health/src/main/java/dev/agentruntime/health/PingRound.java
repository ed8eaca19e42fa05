package dev.agentruntime.health;

import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.SessionProbe;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** Asks every running session's agent how it is, each on a worker of its own, and reports what it answered. */
final class PingRound {

    private final Platform runtimes;
    private final Executor workers;
    private final Set<SessionName> asked = ConcurrentHashMap.newKeySet();

    PingRound(Platform runtimes, Executor workers) {
        this.runtimes = runtimes;
        this.workers = workers;
    }

    /** Begins a round and does not wait for it. A session whose last ping is still out is left out. */
    void begin() {
        Duration timeout = runtimes.pingPolicy().timeout();
        for (SessionProbe target : runtimes.probes()) {
            start(target, timeout);
        }
    }

    /** Asks one session out of turn and does not wait for it. One whose last ping is still out is left out. */
    void askNow(SessionProbe target) {
        start(target, runtimes.pingPolicy().timeout());
    }

    private void start(SessionProbe target, Duration timeout) {
        SessionName session = SessionName.of(target);
        if (asked.add(session)) {
            hand(target, session, timeout);
        }
    }

    private void hand(SessionProbe target, SessionName session, Duration timeout) {
        try {
            workers.execute(() -> {
                try {
                    PingAnswer answer = target.ask(timeout);
                    target.report(PingJudge.judge(answer), PingJudge.quote(answer));
                } catch (RuntimeException e) {
                    HealthMessage.PING_FAILED.log(e, session.id(), session.runtime(), e.getMessage());
                } finally {
                    asked.remove(session);
                }
            });
        } catch (RuntimeException refused) {
            asked.remove(session);
            throw refused;
        }
    }
}

package dev.agentruntime.health;

import dev.agentruntime.runtime.AgentRuntimes;
import dev.agentruntime.runtime.PingStatus;
import dev.agentruntime.runtime.PingTarget;
import dev.agentruntime.runtime.spi.VmException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** Asks every running session's agent how it is, each on a worker of its own, and reports what it answered. */
final class PingRound {

    private final AgentRuntimes runtimes;
    private final Executor workers;
    private final Set<SessionName> asked = ConcurrentHashMap.newKeySet();

    PingRound(AgentRuntimes runtimes, Executor workers) {
        this.runtimes = runtimes;
        this.workers = workers;
    }

    /** Begins a round and does not wait for it. A session whose last ping is still out is left out. */
    void begin() {
        Duration timeout = runtimes.pingPolicy().timeout();
        for (PingTarget target : runtimes.pingTargets()) {
            start(target, timeout);
        }
    }

    /** Asks one session out of turn and does not wait for it. One whose last ping is still out is left out. */
    void askNow(PingTarget target) {
        start(target, runtimes.pingPolicy().timeout());
    }

    private void start(PingTarget target, Duration timeout) {
        SessionName session = SessionName.of(target);
        if (asked.add(session)) {
            hand(target, session, timeout);
        }
    }

    private void hand(PingTarget target, SessionName session, Duration timeout) {
        try {
            workers.execute(() -> {
                try {
                    target.report(ask(target, timeout));
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

    private static PingStatus ask(PingTarget target, Duration timeout) {
        try {
            return PingJudge.judge(target.ask(timeout));
        } catch (VmException noAnswer) {
            return PingStatus.FAILED;
        }
    }
}

package dev.agentruntime.sessions;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.Subject;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** How fast callers may ask and sessions may begin. Thread-safe; does not block. */
public final class Rates {

    /** Beyond so many callers those are forgotten that have asked for nothing in the last second. */
    private static final int MANY_CALLERS = 10_000;

    private final Supplier<Quotas> quotas;
    private final Clock clock;
    private final RateLimit requests;
    private final RateLimit beginnings;
    /** Looking through so many callers is not done for each request. */
    private final RateLimit sweeps;
    private final Map<Subject, RateLimit> callers = new ConcurrentHashMap<>();

    /** @param quotas as they are now */
    public Rates(Supplier<Quotas> quotas, Clock clock) {
        this.quotas = quotas;
        this.clock = clock;
        this.requests = new RateLimit(clock);
        this.beginnings = new RateLimit(clock);
        this.sweeps = new RateLimit(clock);
    }

    /**
     * Counts a request. One that is too much for its caller is not counted against all callers.
     *
     * @throws RequestException it is too much: of kind THROTTLED
     */
    public void request(Subject caller) {
        Quotas now = quotas.get();
        now.requestsPerSecondPerSubject().ifPresent(most -> take(of(caller), most, "You have sent " + most + " requests within a second,"
                + " as many as the attribute requestsPerSecondPerSubject allows one caller."));
        take(requests, now.requestsPerSecond(), "There were %d requests within a second, as many as the attribute requestsPerSecond allows.");
    }

    /**
     * Counts a session that is to begin.
     *
     * @throws RequestException it is too much: of kind THROTTLED
     */
    void beginning() {
        take(beginnings, quotas.get().newSessionsPerSecond(),
                "%d sessions have begun within a second, as many as the attribute newSessionsPerSecond allows.");
    }

    /** How many callers are remembered. */
    int callers() {
        return callers.size();
    }

    private RateLimit of(Subject caller) {
        if (callers.size() >= MANY_CALLERS && sweeps.take(1).isZero()) {
            callers.values().removeIf(RateLimit::isRested);
        }
        return callers.computeIfAbsent(caller, first -> new RateLimit(clock));
    }

    private static void take(RateLimit limit, Optional<Integer> most, String words) {
        most.ifPresent(perSecond -> take(limit, perSecond, words.formatted(perSecond)));
    }

    private static void take(RateLimit limit, int most, String words) {
        Duration wait = limit.take(most);
        if (!wait.isZero()) {
            throw RequestException.throttled(words + " Ask again in a moment.", wait);
        }
    }
}

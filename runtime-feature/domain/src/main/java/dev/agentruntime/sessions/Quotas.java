package dev.agentruntime.sessions;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import java.util.Optional;

/**
 * How much of the platform there is to be had. What is empty has no bound of its own.
 *
 * @param sessions                    that may have a VM at the same time
 * @param sessionsPerSubject          that may have a VM at the same time and are of one caller
 * @param sessionsPerAgent            that may have a VM at the same time and are of one agent that says nothing else
 * @param newSessionsPerSecond        that may begin
 * @param requestsPerSecond           that are taken
 * @param requestsPerSecondPerSubject that are taken of one caller
 */
public record Quotas(int sessions, int sessionsPerSubject, Optional<Integer> sessionsPerAgent, Optional<Integer> newSessionsPerSecond,
        Optional<Integer> requestsPerSecond, Optional<Integer> requestsPerSecondPerSubject) {

    static final int MOST_SESSIONS = 100_000;
    private static final int MOST_PER_SECOND = 1_000_000;

    /** Without a bound for one agent or for a second. */
    public static Quotas of(int sessions, int sessionsPerSubject) {
        return new Quotas(sessions, sessionsPerSubject, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    static Quotas read(Attributes own) {
        return new Quotas(own.whole("maxSessions", 200, 1, MOST_SESSIONS), own.whole("maxSessionsPerSubject", 100, 1, MOST_SESSIONS),
                own.whole("maxSessionsPerAgent", 1, MOST_SESSIONS), own.whole("newSessionsPerSecond", 1, MOST_PER_SECOND),
                own.whole("requestsPerSecond", 1, MOST_PER_SECOND), own.whole("requestsPerSecondPerSubject", 1, MOST_PER_SECOND));
    }

    void describe(Effective effective) {
        effective.add("maxSessions", sessions).add("maxSessionsPerSubject", sessionsPerSubject);
        sessionsPerAgent.ifPresent(most -> effective.add("maxSessionsPerAgent", most));
        newSessionsPerSecond.ifPresent(most -> effective.add("newSessionsPerSecond", most));
        requestsPerSecond.ifPresent(most -> effective.add("requestsPerSecond", most));
        requestsPerSecondPerSubject.ifPresent(most -> effective.add("requestsPerSecondPerSubject", most));
    }
}

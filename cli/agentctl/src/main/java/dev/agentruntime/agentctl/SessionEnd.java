package dev.agentruntime.agentctl;

import dev.agentruntime.client.SessionInfo;
import java.time.Duration;
import java.time.Instant;

/** When a session will end, and why. */
final class SessionEnd {

    private SessionEnd() {}

    static String of(SessionInfo session, Instant now) {
        if (!session.isLive()) {
            return session.terminationReason().isEmpty() ? "ended" : session.terminationReason();
        }
        return session.idleTimeout().map(idle -> {
            Duration left = Duration.between(now, session.lastActivityAt().plus(idle));
            return session.status().equals("Idle") && !left.isNegative() ? "in " + Text.time(left) + ", unless it is called"
                    : Text.time(idle) + " after its last work";
        }).orElse("");
    }
}

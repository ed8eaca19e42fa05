package dev.agentruntime.agentctl;

import dev.agentruntime.client.SessionInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a session will end, and why. */
final class SessionEnd {

    private SessionEnd() {}

    static String of(SessionInfo session, Instant now) {
        if (!session.isLive()) {
            return session.terminationReason().isEmpty() ? "ended" : session.terminationReason();
        }
        Optional<Duration> ofAge = session.maxLifetime().map(lifetime -> Duration.between(now, session.createdAt().plus(lifetime)));
        Optional<Duration> idle = session.idleTimeout();
        if (idle.isEmpty()) {
            return ofAge.map(SessionEnd::old).orElse("");
        }
        // Work that goes on has its end before it at the earliest.
        Duration ofRest = rests(session) ? Duration.between(now, session.lastActivityAt().plus(idle.get())) : idle.get();
        if (ofAge.isPresent() && ofAge.get().compareTo(ofRest) <= 0) {
            return old(ofAge.get());
        }
        String rest = rests(session) && !ofRest.isNegative() ? "in " + Text.time(ofRest) + ", unless it is called" : Text.time(idle.get()) + " after its last work";
        return rest + ofAge.map(age -> "; in " + Text.time(age) + " at the latest").orElse("");
    }

    private static String old(Duration left) {
        return "in " + Text.time(left) + ", at its maximum lifetime";
    }

    private static boolean rests(SessionInfo session) {
        return session.status().equals("Idle") || session.status().equals("Hibernated");
    }
}

package dev.agentruntime.logs;

import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/** Sessions as a front door sees them. */
final class TestSessions {

    private TestSessions() {}

    static SessionView view(String runtime, String session, Subject owner) {
        return new SessionView(session, runtime, "0123456789ab", SessionView.Status.IDLE, owner, Instant.EPOCH, Instant.EPOCH,
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                new Usage(0, BigDecimal.ZERO, 0, 0, MeterSource.CGROUP));
    }
}

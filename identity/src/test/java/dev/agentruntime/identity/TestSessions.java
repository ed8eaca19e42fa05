package dev.agentruntime.identity;

import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Usage;
import dev.agentruntime.spi.SessionFacts;
import java.math.BigDecimal;
import java.util.Optional;

/** Sessions as the platform shows them. */
final class TestSessions {

    private TestSessions() {}

    static SessionView view(SessionFacts session) {
        return new SessionView(session.sessionId(), session.runtime(), "digest", SessionView.Status.ACTIVE, session.owner(), session.createdAt(),
                session.createdAt(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), new Usage(0, BigDecimal.ZERO, 0, 0, MeterSource.CGROUP));
    }
}

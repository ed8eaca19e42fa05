package dev.agentruntime.console;

import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.SessionView.Status;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** When a session ends if nothing happens to it. */
final class Ending {

    private Ending() {}

    /** Empty where it has ended, or nothing says so. One that works is ended by its longest life only. */
    static Optional<Instant> of(SessionView session) {
        if (session.status() == Status.TERMINATED) {
            return Optional.empty();
        }
        Optional<Instant> longest = session.maxLifetime().map(session.createdAt()::plus);
        Optional<Instant> idle = session.status() == Status.ACTIVE || session.status() == Status.PROVISIONING ? Optional.empty()
                : session.idleTimeout().map(session.lastActivityAt()::plus);
        return Stream.of(longest, idle).flatMap(Optional::stream).min(Instant::compareTo);
    }
}

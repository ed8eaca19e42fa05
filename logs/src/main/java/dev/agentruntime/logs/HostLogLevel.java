package dev.agentruntime.logs;

import dev.agentruntime.api.LogLine.Severity;
import java.util.Optional;

/** Which lines of agents go into the host's log as well. */
enum HostLogLevel {
    OFF(Optional.empty()),
    ERRORS(Optional.of(Severity.ERROR)),
    WARNINGS(Optional.of(Severity.WARNING)),
    ALL(Optional.of(Severity.INFO));

    private final Optional<Severity> least;

    HostLogLevel(Optional<Severity> least) {
        this.least = least;
    }

    boolean takes(Severity severity) {
        return least.filter(mildest -> severity.compareTo(mildest) >= 0).isPresent();
    }
}

package dev.agentruntime.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long a data source that is not bound is waited for without a word. A server binds it while it starts, and a loaded host
 * takes its time for that; so it does after a change of server.xml. For one thread at a time.
 */
final class BindingPatience {

    static final Duration LIMIT = Duration.ofMinutes(1);

    private Optional<Instant> since = Optional.empty();

    /** The data source is not bound; returns whether that may still be its beginning. */
    boolean holds(Instant now) {
        Instant first = since.orElse(now);
        since = Optional.of(first);
        return now.isBefore(first.plus(LIMIT));
    }

    /** The data source was there, whatever it did. */
    void bound() {
        since = Optional.empty();
    }
}

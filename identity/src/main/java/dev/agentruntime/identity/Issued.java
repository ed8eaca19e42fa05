package dev.agentruntime.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a provider has issued.
 *
 * @param refresh gets another one without its user; empty where the provider gave none
 * @param until   when the access token expires; empty where the provider does not say
 */
record Issued(String accessToken, Optional<String> refresh, Optional<Instant> until) {

    /** So long before it expires, a token is taken for one that does: it has to arrive and to be used yet. */
    static final Duration MARGIN = Duration.ofSeconds(60);

    /** Whether there is no need to get another one. */
    boolean isFresh(Instant now) {
        return until.filter(end -> !now.isBefore(end.minus(MARGIN))).isEmpty();
    }

    /** Whether its provider takes it yet. */
    boolean isValid(Instant now) {
        return until.filter(end -> !now.isBefore(end)).isEmpty();
    }

    /** Without what is secret. */
    @Override
    public String toString() {
        return "Issued[until=" + until + "]";
    }
}

package dev.agentruntime.agents;

import dev.agentruntime.api.RequestException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How far the preparation of an agent's newest version has come. */
sealed interface PreparationState {

    /** It is being worked on; {@code step} says what is done. */
    record Running(String step) implements PreparationState {}

    /** The newest version serves. */
    record Done() implements PreparationState {}

    /**
     * It failed.
     *
     * @param fault {@code AGENT} or {@code PLATFORM}
     * @param retry when it is tried again by itself; empty where only another artifact helps
     */
    record Failed(String reason, List<String> log, RequestException.Kind fault, Optional<Retry> retry) implements PreparationState {}

    /**
     * Something is tried again.
     *
     * @param at   when
     * @param next how long to wait should it fail again
     */
    record Retry(Instant at, Backoff next) {

        static Retry after(Backoff backoff, Instant now) {
            return new Retry(now.plus(backoff.pause()), backoff.next());
        }

        boolean isDue(Instant now) {
            return !now.isBefore(at);
        }
    }

    static Failed artifactFailed(String reason, List<String> log) {
        return new Failed(reason, log, RequestException.Kind.AGENT, Optional.empty());
    }

    static Failed platformFailed(String reason, Retry retry) {
        return new Failed(reason, List.of(), RequestException.Kind.PLATFORM, Optional.of(retry));
    }

    /** What is done or why it failed, in a sentence; empty text when done. */
    default String reason() {
        if (this instanceof Running running) {
            return running.step();
        }
        return this instanceof Failed failed ? failed.reason() : "";
    }

    default List<String> log() {
        return this instanceof Failed failed ? failed.log() : List.of();
    }

    default Optional<Retry> retry() {
        return this instanceof Failed failed ? failed.retry() : Optional.empty();
    }
}

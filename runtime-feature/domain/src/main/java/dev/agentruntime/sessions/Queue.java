package dev.agentruntime.sessions;

import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;

/**
 * Requests that wait until a VM runs again; those that waited too long have been refused and are not counted.
 *
 * @param requests how many wait
 * @param since    when the first of them came
 */
record Queue(int requests, Instant since) {

    static Queue empty(Instant now) {
        return new Queue(0, now);
    }

    Queue joined(Instant now) {
        return new Queue(requests + 1, requests > 0 ? since : now);
    }

    Queue left() {
        return new Queue(Math.max(0, requests - 1), since);
    }

    boolean isEmpty() {
        return requests == 0;
    }

    boolean isImpatient(Duration patience, Instant now) {
        return requests > 0 && Lives.reached(since, patience, now);
    }

    /** Callers see a session that somebody waits for as one that works. */
    Status status() {
        return requests > 0 ? Status.ACTIVE : Status.IDLE;
    }

    Instant lastActivityAt(Instant lastSeen, Instant now) {
        return requests > 0 ? Lives.later(lastSeen, now) : lastSeen;
    }
}

package dev.agentruntime.control;

import java.time.Instant;

/**
 * An agent runtime.
 *
 * @param latest  the number of the version that was made last; no number is used again
 * @param failure why its last change failed; empty text otherwise
 */
record RuntimeRow(String id, String name, Status status, String failure, int latest, Instant createdAt, Instant updatedAt) {

    RuntimeRow with(Status changed, String why, int newest, Instant now) {
        return new RuntimeRow(id, name, changed, why, newest, createdAt, now);
    }
}

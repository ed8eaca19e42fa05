package dev.agentruntime.control;

import jakarta.json.JsonObject;
import java.time.Instant;

/**
 * A version of an agent runtime; what it is made of never changes.
 *
 * @param settings what its maker asked for
 * @param digest   SHA-256 of its artifact in lower-case hexadecimal
 * @param failure  why it could not be prepared; empty text otherwise
 */
record VersionRow(String runtime, int number, JsonObject settings, String digest, Status status, String failure,
        Instant createdAt, Instant updatedAt) {

    VersionRow with(Status changed, String why, Instant now) {
        return new VersionRow(runtime, number, settings, digest, changed, why, createdAt, now);
    }
}

package dev.agentruntime.client;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;

/**
 * A line of a session's log.
 *
 * @param json all that the server says of it
 */
public record LogLine(JsonObject json) {

    /** One higher than that of the line before; 0 where the server does not say. */
    public long number() {
        return json.get("number") instanceof JsonNumber number ? number.longValue() : 0;
    }

    /** ISO 8601, UTC. */
    public String time() {
        return json.getString("time", "");
    }

    /** {@code stdout}, {@code stderr}, {@code messages}, {@code guest} or {@code platform}. */
    public String source() {
        return json.getString("source", "");
    }

    /** {@code info}, {@code warning} or {@code error}. */
    public String severity() {
        return json.getString("severity", "");
    }

    public String text() {
        return json.getString("text", "");
    }
}

package dev.agentruntime.client;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * A session.
 *
 * @param json all that the server says of it
 */
public record SessionInfo(JsonObject json) {

    public String id() {
        return json.getString("sessionId", "");
    }

    public String runtime() {
        return json.getString("runtime", "");
    }

    /** {@code Provisioning}, {@code Active}, {@code Idle}, {@code Hibernated} or {@code Terminated}. */
    public String status() {
        return json.getString("status", "");
    }

    public boolean isLive() {
        return !status().equals("Terminated");
    }

    public String subject() {
        return json.getString("subject", "");
    }

    public Instant createdAt() {
        return instant("createdAt");
    }

    public Instant lastActivityAt() {
        return instant("lastActivityAt");
    }

    private Instant instant(String name) {
        try {
            return Instant.parse(json.getString(name, ""));
        } catch (DateTimeParseException e) {
            throw new UnexpectedAnswerException("The server says of the session " + id() + " no time '" + name + "'", e);
        }
    }

    public String startMode() {
        return json.getString("startMode", "");
    }

    /** Its name on the host; empty while it has none. */
    public String vm() {
        return json.getString("vm", "");
    }

    /** How long it may be idle; empty once it has ended. */
    public Optional<Duration> idleTimeout() {
        return seconds("idleRuntimeSessionTimeout");
    }

    /** How long after its beginning it is ended, busy or not; empty once it has ended, and where the server does not say. */
    public Optional<Duration> maxLifetime() {
        return seconds("maxLifetime");
    }

    private Optional<Duration> seconds(String name) {
        return json.get(name) instanceof JsonNumber seconds ? Optional.of(Duration.ofSeconds(seconds.longValue())) : Optional.empty();
    }

    /** Why it ended; empty while it lives. */
    public String terminationReason() {
        return json.getString("terminationReason", "");
    }

    public BigDecimal cpuSeconds() {
        return usage("cpuSeconds");
    }

    /** Of 2^30 bytes. */
    public BigDecimal memoryGbSeconds() {
        return usage("memoryGbSeconds");
    }

    public long peakMemoryBytes() {
        return usage("peakMemoryBytes").longValue();
    }

    public long invocations() {
        return usage("invocations").longValue();
    }

    /** What it has cost until now, such as {@code 0.0007625 USD}; empty where the server has no prices. */
    public String cost() {
        return json.get("cost") instanceof JsonObject cost && cost.get("amount") instanceof JsonNumber amount
                ? amount.bigDecimalValue().toPlainString() + " " + cost.getString("currency", "") : "";
    }

    private BigDecimal usage(String name) {
        JsonObject usage = json.get("usage") instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
        return usage.get(name) instanceof JsonNumber number ? number.bigDecimalValue() : BigDecimal.ZERO;
    }
}

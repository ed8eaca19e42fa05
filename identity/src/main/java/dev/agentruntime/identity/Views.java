package dev.agentruntime.identity;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What answers have in common. */
final class Views {

    private static final int MILLIS_DIGITS = 3;

    private Views() {}

    static JsonObject list(String name, List<JsonObject> items, Optional<String> next) {
        JsonObjectBuilder list = Json.createObjectBuilder().add(name, Json.createArrayBuilder(items));
        next.ifPresent(token -> list.add("nextToken", token));
        return list.build();
    }

    /** As clients of these operations read times: seconds since 1970, with milliseconds. */
    static JsonValue time(Instant time) {
        return Json.createValue(BigDecimal.valueOf(time.toEpochMilli(), MILLIS_DIGITS));
    }
}

package dev.agentruntime.memory;

import dev.agentruntime.requests.InputException;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What requests, rows and answers have in common. */
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

    /** A time of a request, to the millisecond. */
    static Instant time(JsonNumber seconds) {
        return Instant.ofEpochMilli(seconds.bigDecimalValue().movePointRight(MILLIS_DIGITS).setScale(0, RoundingMode.HALF_UP).longValueExact());
    }

    /** The parts of what was in a token, which anybody may have made. */
    static MatchResult parts(Pattern pattern, String key) {
        Matcher matcher = pattern.matcher(key);
        if (!matcher.matches()) {
            throw InputException.invalid("nextToken", "must be one that this list has returned");
        }
        return matcher;
    }

    static JsonArray array(JsonObject of, String name) {
        return of.get(name) instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY;
    }

    static JsonObject object(JsonObject of, String name) {
        return of.get(name) instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }

    static JsonObject object(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    static JsonArray array(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readArray();
        }
    }

    /** Adds those of {@code names} that {@code from} has. */
    static void copy(JsonObject from, JsonObjectBuilder to, String... names) {
        for (String name : names) {
            if (from.containsKey(name)) {
                to.add(name, from.get(name));
            }
        }
    }
}

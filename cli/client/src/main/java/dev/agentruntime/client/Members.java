package dev.agentruntime.client;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads what a server says; what is not there, or is of another kind, is empty. */
final class Members {

    private static final int MILLIS_DIGITS = 3;

    private Members() {}

    static List<String> texts(JsonObject json, String name) {
        return json.get(name) instanceof JsonArray array
                ? array.stream().filter(JsonString.class::isInstance).map(text -> ((JsonString) text).getString()).toList() : List.of();
    }

    /** As AgentCore's rooms say times: seconds since 1970, with a fraction. */
    static Optional<Instant> time(JsonObject json, String name) {
        return json.get(name) instanceof JsonNumber seconds
                ? Optional.of(Instant.ofEpochMilli(seconds.bigDecimalValue().movePointRight(MILLIS_DIGITS).longValue())) : Optional.empty();
    }
}

package dev.agentruntime.memory;

import dev.agentruntime.requests.InputException;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What the metadata of events must be; all of it must hold. */
record MetadataFilter(List<Predicate<JsonObject>> conditions) implements Predicate<JsonObject> {

    /** @param field where {@code expressions} are in the request */
    static MetadataFilter of(JsonArray expressions, String field) {
        List<Predicate<JsonObject>> conditions = new ArrayList<>();
        List<JsonObject> all = expressions.getValuesAs(JsonObject.class);
        for (int i = 0; i < all.size(); i++) {
            conditions.add(condition(all.get(i), field + "[" + i + "]"));
        }
        return new MetadataFilter(List.copyOf(conditions));
    }

    private static Predicate<JsonObject> condition(JsonObject expression, String field) {
        String key = expression.getJsonObject("left").getString("metadataKey");
        Optional<JsonObject> value = Optional.ofNullable(expression.getJsonObject("right")).map(right -> right.getJsonObject("metadataValue"));
        return switch (expression.getString("operator")) {
            case "EXISTS" -> metadata -> metadata.containsKey(key);
            case "NOT_EXISTS" -> metadata -> !metadata.containsKey(key);
            default -> equalTo(key, value.orElseThrow(() -> InputException.invalid(field + ".right", "is required with EQUALS_TO")));
        };
    }

    private static Predicate<JsonObject> equalTo(String key, JsonObject value) {
        return metadata -> value.equals(metadata.get(key));
    }

    boolean isEmpty() {
        return conditions.isEmpty();
    }

    @Override
    public boolean test(JsonObject metadata) {
        return conditions.stream().allMatch(condition -> condition.test(metadata));
    }
}

package dev.agentruntime.memory;

import dev.agentruntime.requests.InputException;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** What the metadata of events or records must be; all of it must hold. A value of another kind than the one asked for does not hold. */
record MetadataFilter(List<Predicate<JsonObject>> conditions) implements Predicate<JsonObject> {

    private static final String NUMBER = "numberValue";
    private static final String TIME = "dateTimeValue";
    private static final String LIST = "stringListValue";
    private static final String TEXT = "stringValue";

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
        String operator = expression.getString("operator");
        if (operator.equals("EXISTS")) {
            return metadata -> metadata.containsKey(key);
        }
        if (operator.equals("NOT_EXISTS")) {
            return metadata -> !metadata.containsKey(key);
        }
        JsonObject wanted = Optional.ofNullable(expression.getJsonObject("right")).map(right -> right.getJsonObject("metadataValue"))
                .orElseThrow(() -> InputException.invalid(field + ".right", "is required with " + operator));
        String kind = wanted.keySet().iterator().next();
        Predicate<JsonValue> holds = switch (operator) {
            case "EQUALS_TO" -> value -> isEqual(value, wanted.get(kind));
            case "CONTAINS" -> contains(wanted, kind, field);
            case "BEFORE" -> compared(wanted, kind, TIME, operator, field, sign -> sign < 0);
            case "AFTER" -> compared(wanted, kind, TIME, operator, field, sign -> sign > 0);
            case "GREATER_THAN" -> compared(wanted, kind, NUMBER, operator, field, sign -> sign > 0);
            case "GREATER_THAN_OR_EQUALS" -> compared(wanted, kind, NUMBER, operator, field, sign -> sign >= 0);
            case "LESS_THAN" -> compared(wanted, kind, NUMBER, operator, field, sign -> sign < 0);
            default -> compared(wanted, kind, NUMBER, operator, field, sign -> sign <= 0);
        };
        String own = operator.equals("CONTAINS") ? LIST : kind;
        return metadata -> metadata.get(key) instanceof JsonObject value && value.containsKey(own) && holds.test(value.get(own));
    }

    private static boolean isEqual(JsonValue value, JsonValue wanted) {
        return value instanceof JsonNumber number && wanted instanceof JsonNumber other
                ? number.bigDecimalValue().compareTo(other.bigDecimalValue()) == 0 : value.equals(wanted);
    }

    private static Predicate<JsonValue> contains(JsonObject wanted, String kind, String field) {
        if (!kind.equals(TEXT)) {
            throw InputException.invalid(field + ".right.metadataValue", "must be a " + TEXT + " with CONTAINS");
        }
        JsonString text = wanted.getJsonString(kind);
        return value -> value instanceof JsonArray list && list.contains(text);
    }

    private static Predicate<JsonValue> compared(JsonObject wanted, String kind, String must, String operator, String field, IntPredicate sign) {
        if (!kind.equals(must)) {
            throw InputException.invalid(field + ".right.metadataValue", "must be a " + must + " with " + operator);
        }
        BigDecimal limit = wanted.getJsonNumber(kind).bigDecimalValue();
        return value -> value instanceof JsonNumber number && sign.test(number.bigDecimalValue().compareTo(limit));
    }

    boolean isEmpty() {
        return conditions.isEmpty();
    }

    @Override
    public boolean test(JsonObject metadata) {
        return conditions.stream().allMatch(condition -> condition.test(metadata));
    }
}

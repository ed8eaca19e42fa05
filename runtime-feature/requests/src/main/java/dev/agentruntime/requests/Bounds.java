package dev.agentruntime.requests;

import jakarta.json.JsonObject;
import java.math.BigDecimal;

/** From {@code least} to {@code most}, of a length or a number. */
public record Bounds(long least, long most) {

    static Bounds of(JsonObject facts) {
        return new Bounds(facts.containsKey("min") ? number(facts, "min") : Long.MIN_VALUE,
                facts.containsKey("max") ? number(facts, "max") : Long.MAX_VALUE);
    }

    private static long number(JsonObject facts, String name) {
        return facts.getJsonNumber(name).longValueExact();
    }

    boolean contain(long number) {
        return number >= least && number <= most;
    }

    boolean contain(BigDecimal number) {
        return number.compareTo(BigDecimal.valueOf(least)) >= 0 && number.compareTo(BigDecimal.valueOf(most)) <= 0;
    }

    /** As a sentence goes on after "must be" or "must have". */
    String text() {
        if (least <= 0 || least == Long.MIN_VALUE) {
            return most + " at most";
        }
        return most == Long.MAX_VALUE ? least + " at least" : least + " to " + most;
    }
}

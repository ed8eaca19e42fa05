package dev.agentruntime.inbound;

import java.util.Collection;
import java.util.List;

/**
 * What a claim of a token must be.
 *
 * @param list     whether the claim is a list of text
 * @param operator how it is compared
 */
record ClaimRule(String name, boolean list, Operator operator, List<String> values) {

    /** As AgentCore names them. */
    enum Operator { EQUALS, CONTAINS, CONTAINS_ANY }

    /** @throws IllegalArgumentException the parts do not go together */
    ClaimRule {
        values = List.copyOf(values);
        if (name.isEmpty() || values.isEmpty()) {
            throw new IllegalArgumentException("a <customClaim> needs a name and a value");
        }
        if (list == (operator == Operator.EQUALS)) {
            throw new IllegalArgumentException("the <customClaim name=\"" + name + "\"> must be EQUALS with STRING, or CONTAINS or CONTAINS_ANY"
                    + " with STRING_ARRAY");
        }
        if (operator != Operator.CONTAINS_ANY && values.size() > 1) {
            throw new IllegalArgumentException("the <customClaim name=\"" + name + "\"> has several values, which only CONTAINS_ANY takes");
        }
    }

    /** A claim of another type than it must be does not match. */
    boolean matches(Object claim) {
        if (list) {
            return claim instanceof Collection<?> all && all.stream().anyMatch(one -> one instanceof String text && values.contains(text));
        }
        return claim instanceof String text && values.get(0).equals(text);
    }
}

package dev.agentruntime.agents;

import dev.agentruntime.config.Effective;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The variables that the sessions of an agent begin with. Values may be secret: they are in no text that this class makes, but for those
 * that are marked as not secret.
 *
 * @param variables values by name, in the order of the configuration
 * @param shown     the names of those whose values anybody may see
 */
public record Environment(Map<String, String> variables, Set<String> shown) {

    static final Environment NONE = new Environment(Map.of(), Set.of());

    public Environment {
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
        shown = Set.copyOf(shown);
    }

    void describe(Effective effective) {
        variables.forEach((name, value) -> effective.add("env " + name, shown.contains(name) ? value : "(not shown)"));
    }

    @Override
    public String toString() {
        return "Environment" + variables.keySet();
    }
}

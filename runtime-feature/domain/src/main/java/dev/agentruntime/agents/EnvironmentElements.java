package dev.agentruntime.agents;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Metatype;
import dev.agentruntime.config.Encoded;
import dev.agentruntime.config.Variables;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the {@code <env>} elements of an {@code <agent>}; one that cannot be used is told of, without its value, and left out. */
final class EnvironmentElements {

    static final int MOST_VARIABLES = 200;
    static final List<String> ATTRIBUTES = Metatype.of(EnvironmentElements.class).names("agentRuntime.agent.env");

    private EnvironmentElements() {}

    /** By the names of the agents that have any. */
    static Map<String, Environment> read(Attributes own) {
        Map<String, Environment> all = new LinkedHashMap<>();
        own.nested("agent").forEach(agent -> {
            List<Attributes> elements = agent.nested("env");
            if (!elements.isEmpty()) {
                all.putIfAbsent(agent.text("name", ""), read(agent.text("name", ""), elements));
            }
        });
        return all;
    }

    private static Environment read(String agent, List<Attributes> elements) {
        Map<String, String> variables = new LinkedHashMap<>();
        Set<String> shown = new HashSet<>();
        int bytes = 0;
        for (Attributes element : elements) {
            element.nothingBut(ATTRIBUTES);
            String name = element.text("name", "");
            Decoded value = decoded(element.secret("value").orElse(""));
            int longer = bytes + length(name) + length(value.text());
            Optional<String> problem = problem(name, element).or(value::problem).or(() -> excess(variables, name, longer));
            if (problem.isPresent()) {
                element.problem("The element <env name=\"" + name + "\"> of <agent " + agent + "> is left out: " + problem.get());
            } else {
                bytes = longer;
                variables.put(name, value.text());
                if (element.secret("secret").filter("false"::equals).isPresent()) {
                    shown.add(name);
                }
            }
        }
        return new Environment(variables, shown);
    }

    private record Decoded(String text, Optional<String> problem) {

        /** A value has no place in a message. */
        @Override
        public String toString() {
            return "a value";
        }
    }

    private static Decoded decoded(String value) {
        try {
            String text = Encoded.decoded(value);
            return new Decoded(text, text.indexOf('\0') < 0 ? Optional.empty() : Optional.of("its value has a character that is zero."));
        } catch (IllegalArgumentException e) {
            return new Decoded("", Optional.of("its value cannot be used: " + e.getMessage() + "."));
        }
    }

    private static Optional<String> problem(String name, Attributes element) {
        Optional<String> wrong = Variables.nameProblem(name);
        if (wrong.isPresent()) {
            return wrong;
        }
        if (!element.isSet("value")) {
            return Optional.of("it has no value. Write value=\"…\"; secret=\"true\" or \"false\" says whether the log may show it.");
        }
        if (element.secret("secret").filter(word -> !word.equals("true") && !word.equals("false")).isPresent()) {
            return Optional.of("its attribute secret is neither true nor false. The value, secret or not, stands in value.");
        }
        return Optional.empty();
    }

    private static Optional<String> excess(Map<String, String> variables, String name, int bytes) {
        if (variables.containsKey(name)) {
            return Optional.of("the agent has a variable of this name already. Give each its own name.");
        }
        if (variables.size() == MOST_VARIABLES) {
            return Optional.of("an agent has " + MOST_VARIABLES + " variables at most.");
        }
        return bytes > Variables.MOST_BYTES ? Optional.of("the agent's variables would have more than " + Variables.MOST_BYTES
                + " bytes together. Give large values another way, such as a file in the WAR.") : Optional.empty();
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}

package dev.agentruntime.config;

import dev.agentruntime.api.Durations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

/**
 * The configuration in force, in the words of server.xml. Each room adds its own attributes; the component logs the whole, and
 * finds out by comparing two which attributes have changed. Not thread-safe.
 */
public final class Effective {

    /** An element in this one. */
    private record Inside(String element, String name) {}

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<Inside, Effective> nested = new LinkedHashMap<>();

    /** Adds an attribute. A duration is written as server.xml writes it, everything else by its own {@code toString}. */
    public Effective add(String attribute, Object value) {
        values.put(attribute, value instanceof Duration duration ? Durations.text(duration) : value.toString());
        return this;
    }

    /** Adds a size. */
    public Effective addBytes(String attribute, long bytes) {
        return add(attribute, megabytes(bytes));
    }

    /** The element of that name in this one, the same for every room that asks. */
    public Effective nested(String element, String name) {
        return nested.computeIfAbsent(new Inside(element, name), unknown -> new Effective().add("name", name));
    }

    /** In one line. */
    public String text() {
        StringJoiner line = new StringJoiner(", ");
        words().forEach(line::add);
        nested.forEach((inside, effective) -> line.add(inside.element() + "[" + String.join(" ", effective.words()) + "]"));
        return line.toString();
    }

    private List<String> words() {
        return values.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList();
    }

    /** The attributes whose value is another than in {@code before}; nested elements are not compared. */
    public List<String> changedSince(Effective before) {
        return values.keySet().stream()
                .filter(attribute -> !Objects.equals(values.get(attribute), before.values.get(attribute))).toList();
    }

    /** As memory is written in server.xml; what is less than a megabyte is left out. */
    static String megabytes(long bytes) {
        return (bytes >> 20) + "m";
    }
}

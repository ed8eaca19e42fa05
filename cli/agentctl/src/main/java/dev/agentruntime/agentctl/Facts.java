package dev.agentruntime.agentctl;

import java.io.PrintStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What is known of one thing, each on a line behind its name; what is empty is left out. */
final class Facts {

    private final Map<String, String> lines = new LinkedHashMap<>();

    Facts add(String what, String value) {
        if (!value.isEmpty()) {
            lines.put(what, Text.plain(value));
        }
        return this;
    }

    Facts add(String what, Optional<Instant> time) {
        return add(what, time.map(Instant::toString).orElse(""));
    }

    void print(PrintStream out) {
        int width = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
        lines.forEach((what, value) -> out.println(what + " ".repeat(width + 2 - what.length()) + value));
    }
}

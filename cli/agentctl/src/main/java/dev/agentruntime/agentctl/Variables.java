package dev.agentruntime.agentctl;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Variables for sessions: {@code NAME=VALUE}, {@code NAME} for a value of this environment, or lines of a file. */
record Variables(Map<String, String> values) {

    static Variables of(Surroundings surroundings, List<String> given, List<Path> files) {
        Map<String, String> values = new LinkedHashMap<>();
        files.forEach(file -> lines(surroundings.resolve(file)).forEach((number, line) -> add(values, line, "Line " + number + " of " + file, surroundings)));
        given.forEach(one -> add(values, one, "--env", surroundings));
        return new Variables(values);
    }

    private static Map<Integer, String> lines(Path file) {
        try {
            Map<Integer, String> lines = new LinkedHashMap<>();
            List<String> all = Files.readAllLines(file);
            for (int i = 0; i < all.size(); i++) {
                String line = all.get(i).strip();
                if (!line.isEmpty() && !line.startsWith("#")) {
                    lines.put(i + 1, line);
                }
            }
            return lines;
        } catch (IOException e) {
            throw new Problem(ExitCode.FAULT, "The variables in " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** @param where it stands; what it is may be secret, and is not told */
    private static void add(Map<String, String> values, String text, String where, Surroundings surroundings) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        if (!name.matches("[A-Za-z_][A-Za-z0-9_.-]*")) {
            throw new Problem(ExitCode.USAGE, Text.plain(where) + " names no variable. It is NAME=VALUE, or NAME for the value here; a name has letters, digits, '_', '.' and '-'.");
        }
        values.put(name, equals >= 0 ? text.substring(equals + 1) : surroundings.variable(name).orElseThrow(() -> new Problem(ExitCode.USAGE,
                "The variable " + name + " is not set here. Say " + name + "=VALUE.")));
    }

    /** {@code before} with these added. */
    JsonObject over(JsonObject before) {
        JsonObjectBuilder all = Json.createObjectBuilder(before);
        values.forEach(all::add);
        return all.build();
    }
}

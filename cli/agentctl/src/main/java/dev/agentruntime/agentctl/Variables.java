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
        files.forEach(file -> lines(surroundings.resolve(file)).forEach(line -> add(values, line, file + ": " + line, surroundings)));
        given.forEach(one -> add(values, one, "--env " + one, surroundings));
        return new Variables(values);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new Problem(ExitCode.FAULT, "The variables in " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void add(Map<String, String> values, String text, String where, Surroundings surroundings) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        if (!name.matches("[A-Za-z_][A-Za-z0-9_.-]*")) {
            throw new Problem(ExitCode.USAGE, "'" + Text.plain(where) + "' names no variable. It is NAME=VALUE, or NAME for the value here.");
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

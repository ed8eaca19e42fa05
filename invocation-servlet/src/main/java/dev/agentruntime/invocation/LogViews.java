package dev.agentruntime.invocation;

import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.SessionView;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** A session's log as JSON, as text, and as events. */
final class LogViews {

    private LogViews() {}

    static JsonObject json(SessionView session, List<LogLine> lines) {
        JsonArrayBuilder all = Json.createArrayBuilder();
        lines.forEach(line -> all.add(json(line)));
        return Json.createObjectBuilder().add("runtime", session.runtime()).add("sessionId", session.sessionId()).add("lines", all).build();
    }

    private static JsonObject json(LogLine line) {
        return Json.createObjectBuilder()
                .add("number", line.number())
                .add("time", line.time().toString())
                .add("source", word(line.source()))
                .add("severity", word(line.severity()))
                .add("text", line.text())
                .build();
    }

    static byte[] text(List<LogLine> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.time()).append(' ').append(word(line.source())).append(' ').append(line.text()).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    static byte[] events(List<LogLine> lines) {
        StringBuilder events = new StringBuilder();
        lines.forEach(line -> events.append("id: ").append(line.number()).append("\ndata: ").append(json(line)).append("\n\n"));
        return events.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

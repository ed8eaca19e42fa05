package dev.agentruntime.invocation;

import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.SessionView;
import jakarta.json.Json;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a log is sent as, piece by piece. */
sealed interface LogForm {

    String contentType();

    String beginning();

    /** @param first whether these are the first lines that are sent */
    String lines(List<LogLine> lines, boolean first);

    String end();

    /** What a caller is sent when the rest cannot be read; empty where there is no form for it, and the answer has to be cut. */
    Optional<String> lastWords();

    /** One object, with an array of lines. */
    record JsonDocument(SessionView session) implements LogForm {

        @Override
        public String contentType() {
            return "application/json";
        }

        @Override
        public String beginning() {
            String head = Line.JSON.createObjectBuilder().add("runtime", session.runtime()).add("sessionId", session.sessionId()).build().toString();
            return head.substring(0, head.length() - 1) + ",\"lines\":[";
        }

        @Override
        public String lines(List<LogLine> lines, boolean first) {
            return (first ? "" : ",") + lines.stream().map(line -> Line.json(line).toString()).collect(Collectors.joining(","));
        }

        @Override
        public String end() {
            return "]}";
        }

        @Override
        public Optional<String> lastWords() {
            return Optional.empty();
        }
    }

    /** A line for each. */
    record Text() implements LogForm {

        @Override
        public String contentType() {
            return "text/plain;charset=UTF-8";
        }

        @Override
        public String beginning() {
            return "";
        }

        @Override
        public String lines(List<LogLine> lines, boolean first) {
            StringBuilder text = new StringBuilder();
            lines.forEach(line -> text.append(line.time()).append(' ').append(Line.word(line.source())).append(' ').append(line.text()).append('\n'));
            return text.toString();
        }

        @Override
        public String end() {
            return "";
        }

        @Override
        public Optional<String> lastWords() {
            return Optional.empty();
        }
    }

    /** Server-sent events. */
    record Events() implements LogForm {

        /** What readers of events pass over. */
        static final String COMMENT = ":\n\n";

        @Override
        public String contentType() {
            return "text/event-stream;charset=UTF-8";
        }

        /** So that whatever is done for the first piece of a body, here and on the way, is done before there is a line. */
        @Override
        public String beginning() {
            return COMMENT;
        }

        @Override
        public String lines(List<LogLine> lines, boolean first) {
            StringBuilder events = new StringBuilder();
            lines.forEach(line -> events.append("id: ").append(line.number()).append("\ndata: ").append(Line.json(line)).append("\n\n"));
            return events.toString();
        }

        @Override
        public String end() {
            return "event: end\ndata: {}\n\n";
        }

        @Override
        public Optional<String> lastWords() {
            return Optional.of("event: error\ndata: {\"message\":\"The log cannot be read at this moment\"}\n\n");
        }
    }

    /** One line. */
    final class Line {

        /** Looked up once: the lookup costs more than a line does. */
        private static final JsonBuilderFactory JSON = Json.createBuilderFactory(Map.of());

        private Line() {}

        private static JsonObject json(LogLine line) {
            return JSON.createObjectBuilder()
                    .add("number", line.number())
                    .add("time", line.time().toString())
                    .add("source", word(line.source()))
                    .add("severity", word(line.severity()))
                    .add("text", line.text())
                    .build();
        }

        private static String word(Enum<?> value) {
            return value.name().toLowerCase(Locale.ROOT);
        }
    }

    /** As bytes. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package dev.agentruntime.console;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.RoomOperations;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.InputStream;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was used, by agent, user and day, as the room that accounts for it tells. */
final class UsagePage {

    private static final Map<String, String> BY = new LinkedHashMap<>();
    private static final Map<String, String> COLUMNS = new LinkedHashMap<>();

    static {
        BY.put("agent", "by agent");
        BY.put("agent,subject", "by agent and user");
        BY.put("day", "by day");
        BY.put("day,agent", "by day and agent");
        COLUMNS.put("day", "Day");
        COLUMNS.put("agent", "Agent");
        COLUMNS.put("subject", "User");
        COLUMNS.put("sessions", "Sessions");
        COLUMNS.put("invocations", "Invocations");
        COLUMNS.put("cpuSeconds", "CPU s");
        COLUMNS.put("platformSeconds", "Platform's CPU s");
        COLUMNS.put("memoryGbSeconds", "GB s");
        COLUMNS.put("cost", "Cost");
        COLUMNS.put("currency", "Currency");
    }

    private final Frame frame;
    private final RoomOperations accounting;

    UsagePage(Frame frame, RoomOperations accounting) {
        this.frame = frame;
        this.accounting = accounting;
    }

    /** @throws RequestException it cannot be read, or is another's */
    String of(Fields query, Caller caller) {
        String by = query.first("by").filter(BY::containsKey).orElse("agent");
        RoomOperations.Answer answer = asked(by, query, caller, "json");
        List<JsonObject> found = rows(answer.body());
        return frame.page(Place.USAGE.title(), Optional.of(Place.USAGE), html -> {
            form(html, by, query);
            if (found.isEmpty()) {
                html.with("p", "Nothing was used in these days.");
            } else {
                table(html, found);
            }
        });
    }

    private static List<JsonObject> rows(String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            return reader.readObject().getJsonArray("usage").getValuesAs(JsonObject.class);
        }
    }

    /** The same as a table for programs. */
    Answer csv(Fields query, Caller caller) {
        RoomOperations.Answer answer = asked(query.first("by").filter(BY::containsKey).orElse("agent"), query, caller, "csv");
        return new Answer(answer.status(), answer.headers(), answer.type(), answer.body());
    }

    private RoomOperations.Answer asked(String by, Fields query, Caller caller, String format) {
        Map<String, List<String>> wanted = new LinkedHashMap<>(Map.of("by", List.of(by), "format", List.of(format)));
        List.of("from", "to", "agent").forEach(name -> query.first(name).ifPresent(value -> wanted.put(name, List.of(value))));
        return accounting.operations().stream().filter(row -> row.name().equals("GetUsage")).findFirst()
                .orElseThrow(() -> new RequestException(Kind.NOT_FOUND, "This server does not account for usage"))
                .handler().serve(new RoomOperations.Request(Map.of(), wanted, name -> Optional.empty(), InputStream.nullInputStream(), Optional.of(0L), caller));
    }

    private void form(Html html, String by, Fields query) {
        html.open("form", "method", "get", "action", frame.root() + "/usage", "class", "filter", "role", "search").open("label").text("Summed up ")
                .open("select", "name", "by");
        BY.forEach((value, label) -> {
            if (value.equals(by)) {
                html.with("option", label, "value", value, "selected", "selected");
            } else {
                html.with("option", label, "value", value);
            }
        });
        html.close().close();
        for (String day : List.of("from", "to")) {
            html.open("label").text(day + " ").alone("input", "type", "date", "name", day, "value", query.first(day).orElse("")).close();
        }
        html.with("button", "Show", "type", "submit").close();
        StringBuilder address = new StringBuilder(Fields.encoded("by", by));
        List.of("from", "to").forEach(day -> query.first(day).ifPresent(value -> address.append('&').append(Fields.encoded(day, value))));
        html.open("p").with("a", "As CSV", "href", frame.root() + "/usage.csv?" + address).close();
    }

    private static void table(Html html, List<JsonObject> rows) {
        List<String> columns = COLUMNS.keySet().stream().filter(column -> rows.stream().anyMatch(row -> row.containsKey(column))).toList();
        html.open("div", "class", "wide", "tabindex", "0").open("table");
        Frame.heads(html, "What sessions have used", columns.stream().map(COLUMNS::get).toArray(String[]::new));
        html.open("tbody");
        for (JsonObject row : rows) {
            html.open("tr");
            columns.forEach(column -> html.with("td", Optional.ofNullable(row.get(column)).map(UsagePage::shown).orElse("")));
            html.close();
        }
        html.close().close().close();
    }

    private static String shown(JsonValue value) {
        return value instanceof JsonString text ? text.getString() : value.toString();
    }
}

package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "usage", description = {"Add up what was used in the last 30 days, and what that costs where the server has prices. Administrators see everybody's usage,"
    + " others their own."})
final class UsageReport extends ServerAction {

    /** In the order in which they stand in a row. */
    private static final List<String> KEYS = List.of("day", "agent", "subject", "issuer", "session");

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "The agent. Otherwise all.")
    private Optional<String> name = Optional.empty();

    @Option(names = "--by", paramLabel = "WHAT", split = ",", defaultValue = "agent",
            description = "What it is told apart by: some of session, agent, subject, day with commas between them, or none. Default: ${DEFAULT-VALUE}.")
    private List<String> by = new ArrayList<>();

    @Option(names = "--subject", paramLabel = "SUBJECT", description = "Of this caller's sessions only.")
    private Optional<String> subject = Optional.empty();

    @Option(names = "--from", paramLabel = "DATE", description = "The first day, in UTC.")
    private Optional<LocalDate> from = Optional.empty();

    @Option(names = "--to", paramLabel = "DATE", description = "The last day, in UTC.")
    private Optional<LocalDate> to = Optional.empty();

    @Option(names = "--csv", description = "Print comma-separated values.")
    private boolean csv;

    UsageReport(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        AgentRuntimeClient client = client();
        Map<String, String> filter = new LinkedHashMap<>();
        name.ifPresent(one -> filter.put("agent", runtime(client, one)));
        subject.ifPresent(one -> filter.put("subject", one));
        from.ifPresent(day -> filter.put("from", day.toString()));
        to.ifPresent(day -> filter.put("to", day.toString()));
        if (csv) {
            out().print(client.usageCsv(String.join(",", by), filter));
            return ExitCode.OK;
        }
        JsonObject usage = client.usage(String.join(",", by), filter);
        JsonArray rows = usage.get("usage") instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY;
        if (json()) {
            rows.forEach(this::print);
        } else {
            table(rows.getValuesAs(JsonObject.class));
            remark("From " + usage.getString("from", "?") + " to " + usage.getString("to", "?") + ", UTC");
        }
        return ExitCode.OK;
    }

    private void table(List<JsonObject> rows) {
        List<String> keys = KEYS.stream().filter(key -> rows.stream().anyMatch(row -> row.containsKey(key))).toList();
        boolean costs = rows.stream().anyMatch(row -> row.containsKey("cost"));
        List<String> headings = new ArrayList<>(keys.stream().map(key -> key.toUpperCase(java.util.Locale.ROOT)).toList());
        headings.addAll(List.of("SESSIONS", "CALLS", "CPU s", "GB s", "WALL s"));
        headings.addAll(costs ? List.of("COST") : List.of());
        Table table = new Table(headings.toArray(String[]::new));
        for (JsonObject row : rows) {
            List<String> cells = new ArrayList<>(keys.stream().map(key -> row.get(key) instanceof JsonString text ? text.getString() : "").toList());
            cells.addAll(List.of(whole(row, "sessions"), whole(row, "invocations"), number(row, "cpuSeconds"), number(row, "memoryGbSeconds"), number(row, "wallSeconds")));
            if (costs) {
                cells.add(row.get("cost") instanceof JsonNumber cost ? cost.bigDecimalValue().toPlainString() + " " + row.getString("currency", "") : "");
            }
            table.row(cells.toArray(String[]::new));
        }
        table.print(out());
    }

    private static String whole(JsonObject row, String name) {
        return row.get(name) instanceof JsonNumber number ? number.bigDecimalValue().toPlainString() : "";
    }

    private static String number(JsonObject row, String name) {
        return row.get(name) instanceof JsonNumber number ? Text.number(number.bigDecimalValue()) : "";
    }
}

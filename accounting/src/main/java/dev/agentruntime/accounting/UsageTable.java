package dev.agentruntime.accounting;

import dev.agentruntime.store.UsageSum;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Usage as it is written.
 *
 * @param from   the first day
 * @param to     the last day
 * @param sums   what was used
 * @param prices at which it costs something; empty where the server has none
 */
record UsageTable(LocalDate from, LocalDate to, List<UsageSum> sums, Optional<Prices> prices) {

    private static final List<String> COLUMNS = List.of("day", "agent", "subject", "issuer", "session", "sessions", "invocations", "cpuSeconds",
            "vcpuSeconds", "emulatorSeconds", "platformSeconds", "memoryGbSeconds", "peakMemoryBytes", "wallSeconds", "cost", "currency");
    private static final BigDecimal GIGABYTE = BigDecimal.valueOf(1L << 30);

    /** What is not told apart is left out. */
    String json() {
        JsonArrayBuilder rows = Json.createArrayBuilder();
        for (UsageSum sum : sums) {
            JsonObjectBuilder row = Json.createObjectBuilder();
            fields(sum).forEach((name, value) -> row.add(name, value instanceof BigDecimal number ? Json.createValue(number) : text(value)));
            rows.add(row);
        }
        return Json.createObjectBuilder().add("from", from.toString()).add("to", to.toString()).add("usage", rows).build().toString();
    }

    private static JsonValue text(Object value) {
        return Json.createValue(value.toString());
    }

    /** As RFC 4180 has it, with a head; what is not told apart is empty. */
    String csv() {
        StringBuilder text = new StringBuilder(String.join(",", COLUMNS)).append("\r\n");
        for (UsageSum sum : sums) {
            Map<String, Object> fields = fields(sum);
            text.append(COLUMNS.stream().map(column -> cell(Optional.ofNullable(fields.get(column)))).collect(Collectors.joining(","))).append("\r\n");
        }
        return text.toString();
    }

    static String cell(Optional<Object> value) {
        if (value.isEmpty()) {
            return "";
        }
        return value.get() instanceof BigDecimal number ? number.toPlainString() : quoted(value.get().toString());
    }

    /** Callers choose names and ids: a program for tables must not take one for a formula. */
    private static String quoted(String text) {
        String harmless = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return harmless.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n') ? '"' + harmless.replace("\"", "\"\"") + '"' : harmless;
    }

    private Map<String, Object> fields(UsageSum sum) {
        Map<String, Object> fields = new LinkedHashMap<>();
        sum.day().ifPresent(day -> fields.put("day", day));
        sum.runtime().ifPresent(name -> fields.put("agent", name));
        sum.subject().ifPresent(subject -> {
            fields.put("subject", subject.name());
            fields.put("issuer", subject.issuer());
        });
        sum.sessionId().ifPresent(id -> fields.put("session", id));
        fields.put("sessions", BigDecimal.valueOf(sum.sessions()));
        fields.put("invocations", BigDecimal.valueOf(sum.invocations()));
        fields.put("cpuSeconds", BigDecimal.valueOf(sum.cpuNanos(), 9));
        fields.put("vcpuSeconds", BigDecimal.valueOf(sum.vcpuNanos(), 9));
        fields.put("emulatorSeconds", BigDecimal.valueOf(sum.cpuNanos() - sum.vcpuNanos(), 9));
        fields.put("platformSeconds", BigDecimal.valueOf(sum.platformNanos(), 9));
        fields.put("memoryGbSeconds", sum.memoryByteSeconds().divide(GIGABYTE, 6, RoundingMode.HALF_UP));
        fields.put("peakMemoryBytes", BigDecimal.valueOf(sum.peakMemoryBytes()));
        fields.put("wallSeconds", BigDecimal.valueOf(sum.wall().toMillis(), 3));
        prices.map(table -> table.of(sum.cpuNanos(), sum.memoryByteSeconds())).ifPresent(cost -> {
            fields.put("cost", cost.shown());
            fields.put("currency", cost.currency());
        });
        return fields;
    }
}

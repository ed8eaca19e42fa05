package dev.agentruntime.accounting;

import dev.agentruntime.accounting.InvocationPage.Mark;
import dev.agentruntime.spi.InvocationUse;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A page of invocations as it is written.
 *
 * @param page   what was asked for
 * @param found  in their order, and one more where there are more
 * @param prices at which they cost something; empty where the server has none
 */
record InvocationTable(InvocationPage page, List<InvocationRow> found, Optional<Prices> prices) {

    private static final List<String> COLUMNS = List.of("beganAt", "requestId", "agent", "session", "subject", "issuer", "outcome", "seconds", "cpuSeconds",
            "vcpuSeconds", "emulatorSeconds", "memoryGbSeconds", "cost", "currency");
    private static final BigDecimal GIGABYTE = BigDecimal.valueOf(1L << 30);

    private List<InvocationRow> rows() {
        return found.subList(0, Math.min(page.most(), found.size()));
    }

    /** Leads to those that follow; empty where none do. */
    Optional<String> next() {
        return found.size() > page.most() ? Optional.of(Mark.of(found.get(page.most() - 1)).token()) : Optional.empty();
    }

    String json() {
        JsonArrayBuilder rows = Json.createArrayBuilder();
        for (InvocationRow row : rows()) {
            JsonObjectBuilder one = Json.createObjectBuilder();
            fields(row).forEach((name, value) -> one.add(name, value instanceof BigDecimal number ? Json.createValue(number) : Json.createValue(value.toString())));
            rows.add(one);
        }
        JsonObjectBuilder all = Json.createObjectBuilder().add("from", page.from().toString()).add("to", page.to().toString()).add("invocations", rows);
        next().ifPresent(token -> all.add("nextToken", token));
        return all.build().toString();
    }

    /** As RFC 4180 has it, with a head. */
    String csv() {
        StringBuilder text = new StringBuilder(String.join(",", COLUMNS)).append("\r\n");
        for (InvocationRow row : rows()) {
            Map<String, Object> fields = fields(row);
            text.append(COLUMNS.stream().map(column -> UsageTable.cell(Optional.ofNullable(fields.get(column)))).collect(Collectors.joining(","))).append("\r\n");
        }
        return text.toString();
    }

    private Map<String, Object> fields(InvocationRow row) {
        InvocationUse use = row.use();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("beganAt", use.began());
        fields.put("requestId", use.requestId());
        fields.put("agent", row.runtime());
        fields.put("session", row.sessionId());
        fields.put("subject", row.owner().name());
        fields.put("issuer", row.owner().issuer());
        fields.put("outcome", use.outcome().name().toLowerCase(Locale.ROOT));
        fields.put("seconds", BigDecimal.valueOf(use.took().toMillis(), 3));
        fields.put("cpuSeconds", BigDecimal.valueOf(use.cpuNanos(), 9));
        fields.put("vcpuSeconds", BigDecimal.valueOf(use.vcpuNanos(), 9));
        fields.put("emulatorSeconds", BigDecimal.valueOf(use.cpuNanos() - use.vcpuNanos(), 9));
        fields.put("memoryGbSeconds", use.memoryByteSeconds().divide(GIGABYTE, 6, RoundingMode.HALF_UP));
        prices.map(table -> table.of(use.cpuNanos(), use.memoryByteSeconds())).ifPresent(cost -> {
            fields.put("cost", cost.shown());
            fields.put("currency", cost.currency());
        });
        return fields;
    }
}

package dev.agentruntime.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The report as JSON for programs and as Markdown for people.
 *
 * @param warning what makes the figures doubtful; may be blank
 */
record Writer(Report report, Map<String, String> machine, String warning, Instant ended) {

    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("mode", report.mode());
        all.put("begun", report.begun().toString());
        all.put("ended", ended.toString());
        all.put("machine", machine);
        all.put("warning", warning);
        all.put("results", report.rows().stream().map(Writer::fields).toList());
        all.put("notMeasured", report.gaps().stream()
                .map(gap -> Map.of("benchmark", gap.benchmark(), "reason", gap.reason())).toList());
        return Json.of(all);
    }

    private static Map<String, Object> fields(Row row) {
        Figures figures = row.figures();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("benchmark", row.benchmark());
        fields.put("measure", row.measure());
        fields.put("unit", figures.unit().symbol());
        fields.put("n", figures.n());
        fields.put("min", figures.min());
        fields.put("p25", figures.p25());
        fields.put("median", figures.median());
        fields.put("p75", figures.p75());
        fields.put("p99", figures.p99());
        fields.put("max", figures.max());
        fields.put("baselines", row.baselines().stream()
                .map(baseline -> Map.of("measure", baseline.measure(), "ratio", baseline.ratio())).toList());
        fields.put("promises", row.promises().stream()
                .map(promise -> Map.of("text", promise.text(), "kept", promise.verdict() == Promise.Verdict.KEPT)).toList());
        if (!row.note().isBlank()) {
            fields.put("note", row.note());
        }
        return fields;
    }

    String markdown() {
        StringBuilder text = new StringBuilder("# Benchmark results\n\n");
        text.append("A ").append(report.mode()).append(" run of ")
                .append(Duration.between(report.begun(), ended).toSeconds()).append(" s, begun ").append(report.begun())
                .append(". Spread is p25 to p75; a ratio is this median over the baseline's, of the same run.\n\n");
        if (!warning.isBlank()) {
            text.append("**").append(warning).append("**\n\n");
        }
        machine.forEach((name, value) -> text.append("- ").append(name).append(": ").append(value).append('\n'));
        for (String benchmark : report.rows().stream().map(Row::benchmark).distinct().toList()) {
            section(benchmark, text);
        }
        if (!report.gaps().isEmpty()) {
            text.append("\n## Not measured\n\n");
            report.gaps().forEach(gap ->
                    text.append("- ").append(gap.benchmark()).append(": ").append(gap.reason()).append('\n'));
        }
        return text.toString();
    }

    private void section(String benchmark, StringBuilder text) {
        List<Row> rows = report.rows().stream().filter(row -> row.benchmark().equals(benchmark)).toList();
        text.append("\n## ").append(benchmark).append("\n\n");
        List<List<String>> cells = new ArrayList<>(
                List.of(List.of("measure", "n", "median", "p99", "max", "spread", "ratio", "promise")));
        for (Row row : rows) {
            List<String> line = new ArrayList<>(List.of(row.measure()));
            line.addAll(row.figures().cells());
            line.add(String.join("; ", row.baselines().stream().map(Writer::ratio).toList()));
            line.add(String.join("; ", row.promises().stream()
                    .map(promise -> promise.text() + ": " + promise.verdict().name().toLowerCase(Locale.ROOT)).toList()));
            cells.add(line);
        }
        text.append(table(cells));
        rows.stream().filter(row -> !row.note().isBlank())
                .forEach(row -> text.append("\n- ").append(row.measure()).append(": ").append(row.note()));
        text.append(rows.stream().allMatch(row -> row.note().isBlank()) ? "" : "\n");
    }

    /** A ratio below a tenth reads better as one part of so many. */
    private static String ratio(Row.Baseline baseline) {
        double ratio = baseline.ratio();
        String factor = ratio > 0 && ratio < 0.1 ? "1/" + Math.round(1 / ratio) : Unit.decimal(ratio) + "x";
        return factor + " of: " + baseline.measure();
    }

    /** @param rows the first is the head; all of one length */
    static String table(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < rows.get(0).size(); column++) {
            int at = column;
            widths.add(rows.stream().mapToInt(row -> escaped(row.get(at)).length()).max().orElse(0));
        }
        for (int line = 0; line < rows.size(); line++) {
            for (int column = 0; column < widths.size(); column++) {
                String cell = escaped(rows.get(line).get(column));
                text.append("| ").append(cell).append(" ".repeat(widths.get(column) - cell.length() + 1));
            }
            text.append("|\n");
            if (line == 0) {
                widths.forEach(width -> text.append('|').append("-".repeat(width + 2)));
                text.append("|\n");
            }
        }
        return text.toString();
    }

    private static String escaped(String cell) {
        return cell.replace("|", "\\|").replace("\n", " ");
    }
}

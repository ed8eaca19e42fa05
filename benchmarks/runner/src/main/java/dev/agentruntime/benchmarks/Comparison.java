package dev.agentruntime.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What two runs of the benchmarks differ in. A measure that has become worse counts if its spread lies beyond the other's: the better end of
 * its middle half is worse than the worse end of the earlier one's, and its median by at least a twentieth. One measurement has no spread, and
 * counts where it is worse by a half.
 */
final class Comparison {

    private static final double LEAST = 0.05;
    private static final double LEAST_OF_ONE = 0.5;

    enum Change { WORSE, BETTER, WITHIN }

    /** One measure of both runs; {@code change} is that of the later one. */
    record Line(String benchmark, String measure, Figures before, Figures after, Change change) {

        /** How many times the earlier median the later one is. */
        double ratio() {
            return after.ratioTo(before);
        }
    }

    private final List<Line> lines = new ArrayList<>();
    private final List<String> gone = new ArrayList<>();
    private final String mode;

    private Comparison(String mode) {
        this.mode = mode;
    }

    /**
     * Of a run with an earlier one's {@code results.json}.
     *
     * @throws IllegalArgumentException that is no file of results
     */
    static Comparison of(String earlier, List<Row> now) {
        Map<String, Object> before = JsonReader.object(earlier);
        if (!(before.get("results") instanceof List<?> results)) {
            throw new IllegalArgumentException("It has no \"results\": is it a results.json of benchmarks/run?");
        }
        Map<String, Row> later = new LinkedHashMap<>();
        now.forEach(row -> later.put(key(row.benchmark(), row.measure()), row));
        Comparison comparison = new Comparison(String.valueOf(before.get("mode")));
        for (Object result : results) {
            if (!(result instanceof Map<?, ?> fields)) {
                throw new IllegalArgumentException("One of its results is no object: " + result);
            }
            comparison.add(fields, later);
        }
        return comparison;
    }

    private void add(Map<?, ?> fields, Map<String, Row> later) {
        String benchmark = String.valueOf(fields.get("benchmark"));
        String measure = String.valueOf(fields.get("measure"));
        Row row = later.get(key(benchmark, measure));
        if (row == null) {
            gone.add(benchmark + ": " + measure);
            return;
        }
        Unit unit = row.figures().unit();
        if (!unit.symbol().equals(fields.get("unit"))) {
            throw new IllegalArgumentException("'" + measure + "' was in " + fields.get("unit") + " and is in " + unit.symbol());
        }
        Figures before = new Figures(unit, number(fields, "n"), number(fields, "min"), number(fields, "p25"), number(fields, "median"),
                number(fields, "p75"), number(fields, "p99"), number(fields, "max"));
        lines.add(new Line(benchmark, measure, before, row.figures(), change(before, row.figures())));
    }

    private static long number(Map<?, ?> fields, String name) {
        if (fields.get(name) instanceof Double number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("A result has no number '" + name + "': " + fields);
    }

    /** Some measures say in their names of how many they are, which differs from run to run. */
    private static String key(String benchmark, String measure) {
        int of = measure.indexOf(", of ");
        return benchmark + '\n' + (of < 0 ? measure : measure.substring(0, of) + measure.substring(of).replaceAll("[0-9]+", "N"));
    }

    static Change change(Figures before, Figures after) {
        if (isWorse(before, after)) {
            return Change.WORSE;
        }
        return isWorse(after, before) ? Change.BETTER : Change.WITHIN;
    }

    /** Whether {@code after} is worse than {@code before} beyond the spread of both. */
    private static boolean isWorse(Figures before, Figures after) {
        if (Math.abs(after.median() - before.median()) < before.unit().leastDifference()) {
            return false;
        }
        double least = before.n() == 1 || after.n() == 1 ? LEAST_OF_ONE : LEAST;
        return before.unit().moreIsBetter()
                ? after.p75() < before.p25() && after.median() * (1 + least) <= before.median()
                : after.p25() > before.p75() && after.median() >= before.median() * (1 + least);
    }

    List<Line> lines() {
        return List.copyOf(lines);
    }

    List<Line> worse() {
        return lines.stream().filter(line -> line.change == Change.WORSE).toList();
    }

    /** Measures that the earlier run had and this one has not. */
    List<String> gone() {
        return List.copyOf(gone);
    }

    /** For people; {@code mode} is that of the later run. */
    String markdown(String now) {
        StringBuilder text = new StringBuilder("## Compared with the earlier run\n\n");
        if (!mode.equals(now)) {
            text.append("The earlier run was a ").append(mode).append(" one, this is a ").append(now).append(" one.\n\n");
        }
        text.append(table(Change.WORSE, "Slower or fatter beyond the spread of both"));
        text.append(table(Change.BETTER, "Better beyond the spread of both"));
        long within = lines.stream().filter(line -> line.change == Change.WITHIN).count();
        text.append(within).append(" of ").append(lines.size()).append(" measures differ within their spread.\n");
        gone.forEach(measure -> text.append("\n- not measured this time: ").append(measure));
        return text.append(gone.isEmpty() ? "" : "\n").toString();
    }

    private String table(Change change, String title) {
        List<Line> meant = lines.stream().filter(line -> line.change == change).toList();
        if (meant.isEmpty()) {
            return title + ": nothing.\n\n";
        }
        List<List<String>> cells = new ArrayList<>(List.of(List.of("benchmark", "measure", "n", "before", "spread", "now", "spread", "ratio")));
        for (Line line : meant) {
            cells.add(List.of(line.benchmark, line.measure, line.before.n() + ", " + line.after.n(), median(line.before), spread(line.before),
                    median(line.after), spread(line.after), ratio(line)));
        }
        return title + ":\n\n" + Writer.table(cells) + "\n";
    }

    private static String ratio(Line line) {
        return line.before.median() == 0 ? "" : Unit.decimal(line.ratio()) + "x";
    }

    private static String median(Figures figures) {
        return figures.unit().text(figures.median());
    }

    private static String spread(Figures figures) {
        return figures.n() == 1 ? "" : figures.unit().text(figures.p25()) + " - " + figures.unit().text(figures.p75());
    }
}

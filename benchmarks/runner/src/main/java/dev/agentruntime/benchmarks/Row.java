package dev.agentruntime.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of the results.
 *
 * @param benchmark the benchmark's name
 * @param measure   what was measured, in words
 * @param baselines other lines' measures, and this line's median as a multiple of theirs
 * @param promises  what was promised of it
 * @param note      what a reader must know to judge it; may be blank
 */
record Row(
        String benchmark, String measure, Figures figures, List<Baseline> baselines, List<Promise> promises, String note) {

    record Baseline(String measure, double ratio) {}

    static Row of(String benchmark, String measure, Figures figures) {
        return new Row(benchmark, measure, figures, List.of(), List.of(), "");
    }

    Row against(Row other) {
        List<Baseline> all = new ArrayList<>(baselines);
        all.add(new Baseline(other.measure, figures.ratioTo(other.figures)));
        return new Row(benchmark, measure, figures, List.copyOf(all), promises, note);
    }

    Row promising(Promise... promised) {
        return new Row(benchmark, measure, figures, baselines, List.of(promised), note);
    }

    Row noting(String text) {
        return new Row(benchmark, measure, figures, baselines, promises, text);
    }
}

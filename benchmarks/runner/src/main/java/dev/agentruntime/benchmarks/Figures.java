package dev.agentruntime.benchmarks;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.HdrHistogram.Histogram;

/** What is told of a series of measurements: their number, the middle, both ends, and how far they spread. */
record Figures(Unit unit, long n, long min, long p25, long median, long p75, long p99, long max) {

    private static final int SIGNIFICANT_DIGITS = 4;

    /** @param values none negative; at least one */
    static Figures of(Unit unit, Collection<Long> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to tell of an empty series");
        }
        Histogram histogram = new Histogram(SIGNIFICANT_DIGITS);
        values.forEach(histogram::recordValue);
        long min = values.stream().mapToLong(Long::longValue).min().orElseThrow();
        long max = values.stream().mapToLong(Long::longValue).max().orElseThrow();
        // The histogram rounds up within its digits, which must not lead beyond the largest value.
        LongUnaryOperator percentile = p -> Math.max(min, Math.min(max, histogram.getValueAtPercentile(p)));
        return new Figures(unit, values.size(), min, percentile.applyAsLong(25), percentile.applyAsLong(50),
                percentile.applyAsLong(75), percentile.applyAsLong(99), max);
    }

    static Figures of(Unit unit, long... values) {
        return of(unit, Arrays.stream(values).boxed().toList());
    }

    /** How many times the other median this median is. */
    double ratioTo(Figures baseline) {
        return baseline.median() == 0 ? Double.NaN : (double) median() / baseline.median();
    }

    /** n, median, p99, the largest and spread; a single value has no spread to tell of. */
    List<String> cells() {
        return n == 1 ? List.of("1", unit.text(median), "", "", "")
                : List.of(Long.toString(n), unit.text(median), unit.text(p99), unit.text(max), unit.text(p25) + " - " + unit.text(p75));
    }
}

package dev.agentruntime.benchmarks;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gathers what the benchmarks find. For one thread. Prints each line as it comes. */
final class Report {

    /** What was not measured, and why. */
    record Gap(String benchmark, String reason, Cause cause) {

        enum Cause { LEFT_OUT, FAILED }
    }

    private final String mode;
    private final Instant begun = Instant.now();
    private final List<Row> rows = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();

    /** @param mode quick or full */
    Report(String mode) {
        this.mode = mode;
    }

    Row add(Row row) {
        rows.add(row);
        Progress.say(row.measure() + ": median " + row.figures().unit().text(row.figures().median()) + ", p99 "
                + row.figures().unit().text(row.figures().p99()) + ", n " + row.figures().n());
        return row;
    }

    /** On purpose, or for want of time. */
    void leftOut(String benchmark, String reason) {
        gaps.add(new Gap(benchmark, reason, Gap.Cause.LEFT_OUT));
        Progress.say("not measured: " + reason);
    }

    void failed(String benchmark, String reason) {
        gaps.add(new Gap(benchmark, reason, Gap.Cause.FAILED));
        Progress.say("failed: " + reason);
    }

    /** A line that an earlier benchmark added. */
    Optional<Row> find(String benchmark, String measure) {
        return rows.stream().filter(row -> row.benchmark().equals(benchmark) && row.measure().equals(measure)).findFirst();
    }

    String mode() {
        return mode;
    }

    Instant begun() {
        return begun;
    }

    List<Row> rows() {
        return List.copyOf(rows);
    }

    List<Gap> gaps() {
        return List.copyOf(gaps);
    }
}

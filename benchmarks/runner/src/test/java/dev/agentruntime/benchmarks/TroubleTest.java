package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class TroubleTest {

    private static final Mishap MISHAP = new Mishap() {
        @Override
        public String name() {
            return "a flood";
        }

        @Override
        public void begin(Lab lab) {}

        @Override
        public void end(Lab lab) {}
    };

    private final Report report = new Report("quick");

    @Test
    void itStopsLibvirtdAndSoRunsOnlyWhenItIsAskedFor() {
        assertThat(new Trouble().isPartOfEveryRun()).isFalse();
        assertThat(new Trouble().name()).isEqualTo("trouble");
    }

    @Test
    void aMishapThatAtMostDoublesTheSlowestIsKept() {
        Trouble.tell("warm invocations", MISHAP, millis(10), millis(20), report);
        assertThat(report.rows()).extracting(Row::measure).containsExactly("warm invocations before a flood", "warm invocations beside a flood");
        assertThat(report.rows().get(1).promises()).extracting(Promise::verdict).containsExactly(Promise.Verdict.KEPT);
        assertThat(report.rows().get(1).baselines()).extracting(Row.Baseline::measure).containsExactly("warm invocations before a flood");
    }

    @Test
    void aMishapThatMoreThanDoublesTheSlowestIsMissedAndSaysHowMuch() {
        Trouble.tell("warm invocations", MISHAP, millis(10), millis(30), report);
        assertThat(report.rows().get(1).promises()).extracting(Promise::verdict).containsExactly(Promise.Verdict.MISSED);
        assertThat(report.rows().get(1).note()).startsWith("p99 3");
    }

    @Test
    void aPhaseInWhichNobodyWasAnsweredIsAFailureAndNoFigure() {
        Trouble.tell("warm invocations", MISHAP, millis(10), List.of(), report);
        Trouble.tell("warm invocations", MISHAP, List.of(), millis(10), report);
        assertThat(report.rows()).isEmpty();
        assertThat(report.gaps()).hasSize(2).extracting(Report.Gap::cause).containsOnly(Report.Gap.Cause.FAILED);
    }

    private static List<Long> millis(long each) {
        return LongStream.range(0, 100).mapToObj(i -> each * 1_000_000).toList();
    }
}

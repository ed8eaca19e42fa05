package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WriterTest {

    private final Report report = new Report("quick");
    private final Row boot = Row.of("boot", "guest boot", Figures.of(Unit.TIME, 80_000_000_000L));

    private Writer writer(String warning) {
        report.add(boot);
        report.add(Row.of("starts", "start", Figures.of(Unit.TIME, 40_000_000L, 50_000_000L, 60_000_000L)).against(boot)
                .promising(Promise.of("p50 < 100 ms", true), Promise.of("p99 < 55 ms", false)).noting("of a | kind"));
        report.leftOut("idle", "no time was left");
        return new Writer(report, Map.of("cores", "2"), warning, Instant.now());
    }

    @Test
    void peopleSeeMedianRatioAndPromise() {
        assertThat(writer("").markdown())
                .contains("| start   | 3 | 50.0 ms | 60.0 ms | 60.0 ms | 40.0 ms - 60.0 ms | 1/1600 of: guest boot |"
                        + " p50 < 100 ms: kept; p99 < 55 ms: missed |")
                .contains("- start: of a | kind")
                .contains("- idle: no time was left")
                .contains("- cores: 2")
                .doesNotContain("**");
    }

    @Test
    void aBusyHostIsToldOfFirst() {
        assertThat(writer("The host was busy.").markdown()).contains("**The host was busy.**");
        assertThat(Machine.busy("99.00 1.00 1.00")).contains("load 99.00");
        assertThat(Machine.busy("0.00 9.00 9.00")).isBlank();
        assertThat(Machine.busy("unknown")).isBlank();
    }

    @Test
    void programsSeeTheSame() {
        Map<String, Object> json = JsonReader.object(writer("").json());
        assertThat(json).containsEntry("mode", "quick").containsEntry("machine", Map.of("cores", "2"));
        assertThat(json.get("notMeasured")).isEqualTo(List.of(Map.of("benchmark", "idle", "reason", "no time was left")));
        assertThat(((List<?>) json.get("results")).get(1)).isInstanceOfSatisfying(Map.class, row -> {
            assertThat(row.get("n")).isEqualTo(3.0);
            assertThat(row.get("unit")).isEqualTo("ns");
            assertThat(row.get("promises")).asString().contains("kept=true", "kept=false");
            assertThat(row.get("baselines")).asString().contains("guest boot", "ratio=6.2");
        });
    }

    @Test
    void cellsCannotBreakTheTable() {
        assertThat(Writer.table(List.of(List.of("a", "b"), List.of("x|y", "1\n2")))).isEqualTo("""
                | a    | b   |
                |------|-----|
                | x\\|y | 1 2 |
                """);
    }
}

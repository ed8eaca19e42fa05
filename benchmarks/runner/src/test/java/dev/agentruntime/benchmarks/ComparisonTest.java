package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.agentruntime.benchmarks.Comparison.Change;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static Figures millis(long... values) {
        return Figures.of(Unit.TIME, Arrays.stream(values).map(value -> value * 1_000_000).toArray());
    }

    private static String results(Row... rows) {
        Report report = new Report("quick");
        List.of(rows).forEach(report::add);
        return new Writer(report, Map.of(), "", Instant.now()).json();
    }

    @Test
    void whatIsSlowerBeyondTheSpreadOfBothIsWorse() {
        assertThat(Comparison.change(millis(10, 11, 12, 13), millis(14, 15, 16, 17))).isEqualTo(Change.WORSE);
        assertThat(Comparison.change(millis(14, 15, 16, 17), millis(10, 11, 12, 13))).isEqualTo(Change.BETTER);
    }

    @Test
    void medianThatMovesWithinTheOthersSpreadIsNoChange() {
        assertThat(Comparison.change(millis(10, 12, 14, 20), millis(11, 13, 19, 30))).isEqualTo(Change.WITHIN);
    }

    @Test
    void aDifferenceOfLessThanATwentiethIsNoneHoweverNarrowTheSpread() {
        assertThat(Comparison.change(millis(100, 100, 100), millis(104, 104, 104))).isEqualTo(Change.WITHIN);
        assertThat(Comparison.change(millis(100, 100, 100), millis(105, 105, 105))).isEqualTo(Change.WORSE);
    }

    @Test
    void oneMeasurementHasNoSpreadAndMustBeWorseByAHalf() {
        assertThat(Comparison.change(millis(100), millis(149))).isEqualTo(Change.WITHIN);
        assertThat(Comparison.change(millis(100), millis(150))).isEqualTo(Change.WORSE);
        assertThat(Comparison.change(millis(100, 101, 102), millis(149))).isEqualTo(Change.WITHIN);
    }

    @Test
    void ofARateLessIsWorse() {
        assertThat(Comparison.change(Figures.of(Unit.RATE, 100, 101, 102), Figures.of(Unit.RATE, 80, 81, 82))).isEqualTo(Change.WORSE);
        assertThat(Comparison.change(Figures.of(Unit.RATE, 80, 81, 82), Figures.of(Unit.RATE, 100, 101, 102))).isEqualTo(Change.BETTER);
    }

    @Test
    void moreMemoryIsWorse() {
        assertThat(Comparison.change(Figures.of(Unit.BYTES, 100, 101), Figures.of(Unit.BYTES, 120, 121))).isEqualTo(Change.WORSE);
    }

    @Test
    void failuresWhereThereWereNoneAreWorse() {
        assertThat(Comparison.change(Figures.of(Unit.COUNT, 0), Figures.of(Unit.COUNT, 1))).isEqualTo(Change.WORSE);
        assertThat(Comparison.change(Figures.of(Unit.COUNT, 0), Figures.of(Unit.COUNT, 0))).isEqualTo(Change.WITHIN);
    }

    @Test
    void nextToNothingOfACoreIsNotWorseThanNothing() {
        assertThat(Comparison.change(Figures.of(Unit.CORE, 1), Figures.of(Unit.CORE, 90))).isEqualTo(Change.WITHIN);
        assertThat(Comparison.change(Figures.of(Unit.CORE, 1), Figures.of(Unit.CORE, 101))).isEqualTo(Change.WORSE);
    }

    @Test
    void anEarlierRunsFileIsReadAsItWasWritten() {
        Row before = Row.of("warm", "a call", millis(10, 11, 12));
        Row after = Row.of("warm", "a call", millis(20, 22, 24));
        Comparison comparison = Comparison.of(results(before), List.of(after));
        assertThat(comparison.worse()).singleElement().satisfies(line -> {
            assertThat(line.before()).isEqualTo(before.figures());
            assertThat(line.ratio()).isCloseTo(2.0, within(0.001));
        });
        assertThat(comparison.markdown("quick"))
                .contains("Slower or fatter beyond the spread of both:")
                .contains("| warm      | a call  | 3, 3 | 11.0 ms | 10.0 ms - 12.0 ms | 22.0 ms | 20.0 ms - 24.0 ms | 2.00x |")
                .contains("Better beyond the spread of both: nothing.")
                .contains("0 of 1 measures differ within their spread.")
                .doesNotContain("earlier run was a");
    }

    @Test
    void measuresAreTheSameThoughTheyAreOfOtherNumbers() {
        Comparison comparison = Comparison.of(results(Row.of("starts", "starts that failed, of 140", Figures.of(Unit.COUNT, 0))),
                List.of(Row.of("starts", "starts that failed, of 139", Figures.of(Unit.COUNT, 2))));
        assertThat(comparison.worse()).hasSize(1);
    }

    @Test
    void whatIsNotMeasuredAnyMoreIsSaid() {
        Comparison comparison = Comparison.of(results(Row.of("warm", "a call", millis(10))), List.of(Row.of("warm", "another", millis(10))));
        assertThat(comparison.lines()).isEmpty();
        assertThat(comparison.gone()).containsExactly("warm: a call");
        assertThat(comparison.markdown("full")).contains("- not measured this time: warm: a call", "The earlier run was a quick one, this is a full one.");
    }

    @Test
    void anotherFileIsRefused() {
        assertThatThrownBy(() -> Comparison.of("{\"a\": 1}", List.of())).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("results.json");
        assertThatThrownBy(() -> Comparison.of("nonsense", List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Comparison.of("{\"results\": [{\"benchmark\": \"warm\", \"measure\": \"a call\", \"unit\": \"ns\"}]}",
                List.of(Row.of("warm", "a call", millis(10))))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no number 'n'");
    }

    @Test
    void aMeasureInAnotherUnitIsRefused() {
        assertThatThrownBy(() -> Comparison.of(results(Row.of("warm", "a call", millis(10))), List.of(Row.of("warm", "a call", Figures.of(Unit.BYTES, 10)))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'a call' was in ns and is in bytes");
    }
}

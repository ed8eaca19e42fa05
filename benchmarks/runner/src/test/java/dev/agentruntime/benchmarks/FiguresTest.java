package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FiguresTest {

    @Test
    void aSeriesIsToldByItsMiddleItsEndsAndItsSpread() {
        Figures figures = Figures.of(Unit.COUNT, LongStream.rangeClosed(1, 100).boxed().toList());
        assertThat(figures).isEqualTo(new Figures(Unit.COUNT, 100, 1, 25, 50, 75, 99, 100));
    }

    @Test
    void largeValuesKeepFourDigitsAndStayWithinTheSeries() {
        Figures one = Figures.of(Unit.TIME, 80_123_456_789L);
        assertThat(one.median()).isEqualTo(one.max()).isEqualTo(80_123_456_789L);
        Figures three = Figures.of(Unit.TIME, 1, 80_123_456_789L, 90_000_000_000L);
        assertThat(three.median()).isCloseTo(80_123_456_789L, within(8_012_345L));
    }

    @Test
    void theOrderOfTheValuesDoesNotMatter() {
        assertThat(Figures.of(Unit.COUNT, 9, 1, 5)).isEqualTo(Figures.of(Unit.COUNT, 1, 5, 9));
    }

    @Test
    void aRatioComparesMedians() {
        Figures slow = Figures.of(Unit.COUNT, 10, 20, 1000);
        assertThat(slow.ratioTo(Figures.of(Unit.COUNT, 40))).isEqualTo(0.5);
        assertThat(slow.ratioTo(Figures.of(Unit.COUNT, 0))).isNaN();
    }

    @Test
    void oneValueHasNoSpread() {
        assertThat(Figures.of(Unit.TIME, 1_500_000).cells()).isEqualTo(List.of("1", "1.50 ms", "", "", ""));
    }

    @Test
    void anEmptySeriesIsRefused() {
        assertThatThrownBy(() -> Figures.of(Unit.TIME, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void unitsAreWrittenForPeople() {
        assertThat(Unit.TIME.text(12_345_678)).isEqualTo("12.3 ms");
        assertThat(Unit.TIME.text(62_000_000_000L)).isEqualTo("62.0 s");
        assertThat(Unit.BYTES.text(3 << 20)).isEqualTo("3.00 MiB");
        assertThat(Unit.RATE.text(123_456_789)).isEqualTo("123 MB/s");
        assertThat(Unit.CORE.text(900)).isEqualTo("0.90 % of a core");
    }
}

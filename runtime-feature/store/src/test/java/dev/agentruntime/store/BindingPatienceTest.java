package dev.agentruntime.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class BindingPatienceTest {

    private static final Instant BEGIN = Instant.EPOCH;
    private static final Instant END = BEGIN.plus(BindingPatience.LIMIT);

    private final BindingPatience patience = new BindingPatience();

    @Test
    void itLastsFromTheFirstTryOn() {
        assertThat(patience.holds(BEGIN)).isTrue();
        assertThat(patience.holds(END.minusMillis(1))).isTrue();
        assertThat(patience.holds(END)).isFalse();
        assertThat(patience.holds(END.plusSeconds(1000))).isFalse();
    }

    @Test
    void itBeginsAnewForADataSourceThatWasThereMeanwhile() {
        patience.holds(BEGIN);
        patience.bound();
        assertThat(patience.holds(END)).isTrue();
    }
}

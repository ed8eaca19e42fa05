package dev.agentruntime.examples.burner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BurnerTest {

    @Test
    void burningKeepsAProcessorBusyForTheTimeAskedFor() throws Exception {
        Report report = answer(0.3, "burn");
        assertThat(report.wallSeconds()).isGreaterThanOrEqualTo(0.3);
        // A busy host may leave the thread less than the whole time, never more.
        assertThat(report.cpuSeconds()).isPositive().isLessThanOrEqualTo(report.wallSeconds() + 0.01);
    }

    @Test
    void sleepingOnlyTakesTime() throws Exception {
        Report report = answer(0.2, "sleep");
        assertThat(report.cpuSeconds()).isZero();
        assertThat(report.wallSeconds()).isGreaterThanOrEqualTo(0.2);
    }

    @ParameterizedTest
    @CsvSource({"-1,burn", "NaN,burn", "3601,sleep", "1,simmer"})
    void anOrderThatCannotBeFilledIsRefused(double seconds, String mode) {
        assertThatThrownBy(() -> answer(seconds, mode)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("must be");
    }

    private static Report answer(double seconds, String mode) throws Exception {
        return new Burner().invoke(new Order(seconds, mode)).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}

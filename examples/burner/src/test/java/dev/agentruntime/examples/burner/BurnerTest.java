package dev.agentruntime.examples.burner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BurnerTest {

    @Test
    void burningUsesTheCpuTimeAskedFor() throws Exception {
        Report report = answer(0.3, "burn");
        assertThat(report.cpuSeconds()).isCloseTo(0.3, within(0.03));
        assertThat(report.wallSeconds()).isGreaterThanOrEqualTo(report.cpuSeconds() - 0.01);
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

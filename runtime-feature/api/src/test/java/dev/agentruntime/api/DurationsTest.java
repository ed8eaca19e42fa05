package dev.agentruntime.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DurationsTest {

    @ParameterizedTest
    @CsvSource({"PT0S, 0s", "PT0.25S, 250ms", "PT1.5S, 1s500ms", "PT15M, 15m", "PT1H30M, 1h30m", "P2D, 48h"})
    void aDurationIsWrittenAsServerXmlTakesIt(Duration duration, String written) {
        assertThat(Durations.text(duration)).isEqualTo(written);
    }
}

package dev.agentruntime.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.spi.fake.ManualClock;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VisitsTest {

    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-31T12:00:00Z"));
    private final Visits visits = new Visits(() -> ConsoleSettings.STANDARD, clock);

    @Test
    void idsAndSecretsAreDrawnAnewForEach() {
        Set<String> drawn = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String id = visits.begin(new Person("bob", false));
            assertThat(id).hasSize(43);
            drawn.add(id);
            drawn.add(visits.of(id).orElseThrow().csrf());
        }
        assertThat(drawn).hasSize(200);
    }

    @Test
    void whoWasHereLongestAgoGoesWhenThereAreTooMany() {
        String first = visits.begin(new Person("first", false));
        String second = visits.begin(new Person("second", false));
        visits.of(first);
        for (int i = 0; i < Visits.MOST - 1; i++) {
            visits.begin(new Person("other", false));
        }
        assertThat(visits.of(second)).isEmpty();
        assertThat(visits.of(first)).isPresent();
    }

    @Test
    void whatIsOverIsForgotten() {
        String id = visits.begin(new Person("bob", true));
        clock.advance(ConsoleSettings.STANDARD.idleTimeout());
        assertThat(visits.of(id)).isEmpty();
        visits.end(id);
        assertThat(visits.of("made-up")).isEmpty();
    }
}

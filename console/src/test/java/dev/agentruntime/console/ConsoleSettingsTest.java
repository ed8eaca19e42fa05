package dev.agentruntime.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.Attributes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleSettingsTest {

    private List<String> problems = List.of();

    private ConsoleSettings read(Map<String, Object> properties) {
        Attributes own = Attributes.of("agentConsole", properties);
        ConsoleSettings settings = ConsoleSettings.read(own);
        problems = own.problems();
        return settings;
    }

    @Test
    void nothingHasToBeSaid() {
        assertThat(read(Map.of())).isEqualTo(ConsoleSettings.STANDARD);
        assertThat(read(Map.of("issuer", " "))).isEqualTo(ConsoleSettings.STANDARD);
        assertThat(problems).isEmpty();
    }

    @Test
    void whatIsSaidCounts() {
        ConsoleSettings settings = read(Map.of("issuer", "https://idp.test", "idleTimeout", "5m", "lifetime", "1h"));
        assertThat(settings.issuer()).contains("https://idp.test");
        assertThat(settings.idleTimeout()).hasMinutes(5);
        assertThat(settings.lifetime()).hasHours(1);
        assertThat(settings.text()).contains("https://idp.test", "5m", "1h");
    }

    @Test
    void whatCannotBeIsToldAndReplaced() {
        assertThat(read(Map.of("idleTimeout", "1s", "lifetime", "soon"))).isEqualTo(ConsoleSettings.STANDARD);
        assertThat(problems).hasSize(2).anyMatch(problem -> problem.contains("idleTimeout")).anyMatch(problem -> problem.contains("lifetime"));
    }
}

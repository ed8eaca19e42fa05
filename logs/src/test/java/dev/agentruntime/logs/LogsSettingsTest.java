package dev.agentruntime.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.Attributes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogsSettingsTest {

    private static Attributes attributes(Map<String, Object> properties) {
        return Attributes.of("agentRuntimeLogs", properties);
    }

    @Test
    void theDefaults() {
        LogsSettings settings = LogsSettings.read(attributes(Map.of("directory", "/logs")));
        assertThat(settings).isEqualTo(new LogsSettings(Duration.ofHours(1), 8L << 20, 512L << 20, HostLogLevel.OFF, Path.of("/logs")));
        assertThat(settings.text()).isEqualTo("keepFor=1h, maxSessionSize=8m, maxSize=512m, hostLog=off, directory=/logs");
    }

    @Test
    void everyAttribute() {
        Attributes own = attributes(Map.of("keepFor", "0", "maxSessionSize", "64m", "maxSize", "2g", "hostLog", "warnings", "directory", "/d"));
        assertThat(LogsSettings.read(own))
                .isEqualTo(new LogsSettings(Duration.ZERO, 64L << 20, 2L << 30, HostLogLevel.WARNINGS, Path.of("/d")));
        assertThat(own.problems()).isEmpty();
    }

    @Test
    void aMistypedSettingIsToldAndTheOthersCount() {
        Attributes own = attributes(Map.of("keepfor", "2h", "maxSize", "2g", "service.pid", "agentRuntimeLogs"));
        assertThat(LogsSettings.read(own).maxBytes()).isEqualTo(2L << 30);
        assertThat(own.problems()).singleElement().asString().contains("<agentRuntimeLogs> has no keepfor.", "keepFor");
    }

    @Test
    void whatCannotBeUsedIsToldAndReplaced() {
        Attributes own = attributes(Map.of("keepFor", "long", "maxSessionSize", "1k", "maxSize", "1m", "hostLog", "loud"));
        assertThat(LogsSettings.read(own).maxSessionBytes()).isEqualTo(8L << 20);
        assertThat(own.problems()).hasSize(4).allMatch(problem -> problem.contains("agentRuntimeLogs"));
    }
}

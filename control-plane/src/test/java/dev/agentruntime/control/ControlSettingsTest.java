package dev.agentruntime.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.Attributes;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ControlSettingsTest {

    private static Attributes attributes(Map<String, Object> properties) {
        return Attributes.of("agentRuntimeControl", properties);
    }

    @Test
    void theDefaults() {
        ControlSettings settings = ControlSettings.read(attributes(Map.of("directory", "/a", "folder", "/f")));
        assertThat(settings).isEqualTo(new ControlSettings(
                Path.of("/a"), Path.of("/f"), 256L << 20, 8L << 30, "local", "000000000000", 1L << 30));
        assertThat(settings.text()).isEqualTo("directory=/a, folder=/f, maxArtifactSize=256m, maxSize=8192m, region=local,"
                + " accountId=000000000000, memory=1024m");
    }

    @Test
    void everyAttribute() {
        Attributes own = attributes(Map.of("directory", "/a", "folder", "/f", "maxArtifactSize", "1m", "maxSize", "2g",
                "region", "eu-central-1", "accountId", "123456789012", "memory", "2g"));
        assertThat(ControlSettings.read(own)).isEqualTo(new ControlSettings(
                Path.of("/a"), Path.of("/f"), 1L << 20, 2L << 30, "eu-central-1", "123456789012", 2L << 30));
        assertThat(own.problems()).isEmpty();
    }

    @Test
    void whatCannotBeUsedIsToldAndReplaced() {
        Attributes own = attributes(Map.of("region", "Eu Central", "accountId", "12", "maxArtifactSize", "all", "memory", "1k"));
        ControlSettings settings = ControlSettings.read(own);
        assertThat(settings.arns()).isEqualTo(new Arns("local", "000000000000"));
        assertThat(own.problems()).hasSize(4).allMatch(problem -> problem.contains("agentRuntimeControl"));
    }
}

package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentruntime.features.FeatureIndex;
import dev.agentruntime.features.Provision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformWarTest {

    @Test
    void whatAWarNeedsIsFoundInTheIndexOfTheImage(@TempDir Path folder) throws Exception {
        Path image = Path.of("../guest/image/target/image/features.index");
        assumeTrue(Files.exists(image), "no guest image");
        Provision provision = Provision.of(FeatureIndex.read(image), PlatformWar.in(folder), List.of(), Optional.empty(), false);
        assertThat(provision.features()).containsExactly("appSecurity-5.0", "faces-4.0", "jdbc-4.3", "mail-2.1",
                "mpFaultTolerance-4.0", "mpHealth-4.0", "mpJwt-2.1", "mpMetrics-5.1", "mpOpenAPI-3.1", "mpTelemetry-1.1", "pages-3.1", "persistence-3.1");
        assertThat(provision.files()).anyMatch(file -> file.contains("persistence"));
        assertThat(Provision.of(FeatureIndex.read(image), TestWar.echo(folder), List.of(), Optional.empty(), false).isEmpty()).isTrue();
    }
}

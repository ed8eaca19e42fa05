package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Open Liberty installs of a feature only what its manifests list. */
class ImageInFeatureTest {

    private static final Path IMAGE = Path.of("../guest/image/target/image");
    private static final Path FEATURE = Path.of("../runtime-feature/feature/src/main/esa");

    @ParameterizedTest
    @ValueSource(strings = {"OSGI-INF/SUBSYSTEM.MF", "wlp/lib/features/agentRuntimeServing-6.0.mf", "wlp/lib/features/agentRuntimeServing-6.1.mf"})
    void everyFileOfTheGuestImageIsInstalledWithTheFeature(String manifest) throws IOException {
        List<String> files;
        try (Stream<Path> all = Files.list(IMAGE)) {
            files = all.map(file -> file.getFileName().toString()).sorted().toList();
        }
        assertThat(files).as("files of the guest image: build it first").contains("initrd", "vmlinuz");
        String content;
        try (InputStream in = Files.newInputStream(FEATURE.resolve(manifest))) {
            content = new Manifest(in).getMainAttributes().getValue("Subsystem-Content");
        }
        assertThat(files).allSatisfy(file -> assertThat(content).contains("location:=\"agent/image/" + file + "\""));
    }
}

package dev.agentruntime.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureIndexTest {

    @ParameterizedTest
    @CsvSource({"persistence-3.1, persistence-3.1", "PERSISTENCE-3.1, persistence-3.1", "persistence, persistence-3.1", "jdbc, jdbc-4.3", "jdbc-4.2, jdbc-4.2",
            "servlet, servlet-6.0", "webProfile-10.0, webProfile-10.0", "faces, faces-4.0"})
    void aFeatureIsFoundInAnyCaseAndWithoutItsVersion(String given, String name) throws Exception {
        assertThat(TestIndex.read().find(given)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"persistence-3.0", "jpa-2.2", "", "messaging-3.1", "persist", "-3.1"})
    void whatNoGuestCanHaveIsNotFound(String given) throws Exception {
        assertThat(TestIndex.read().find(given)).isEmpty();
    }

    @Test
    void featuresBringTheirFilesAndThoseOfTheirMeeting() throws Exception {
        FeatureIndex index = TestIndex.read();
        assertThat(index.files(List.of("persistence-3.1"))).containsExactly("lib/a_1.jar", "lib/features/a.mf");
        assertThat(index.files(List.of("persistence-3.1", "mpMetrics-5.1"))).containsExactly("lib/a_1.jar", "lib/b_1.jar", "lib/both_1.jar", "lib/features/a.mf");
        assertThat(index.files(List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"feature", "feature a-1.0 7", "feature a-1.0 x", "nonsense a", "package a"})
    void anIndexOfAnotherVersionIsRefusedWithItsLine(String line, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("features.index"), line + "\n");
        assertThatThrownBy(() -> FeatureIndex.read(file)).isInstanceOf(IOException.class).hasMessageContaining(line);
    }

    @Test
    void theIndexOfTheImageNamesFilesThatItsPackHas() throws Exception {
        Path image = Path.of("../image/target/image");
        assumeTrue(Files.exists(image.resolve("features.index")), "no guest image in " + image);
        FeatureIndex index = FeatureIndex.read(image.resolve("features.index"));
        assertThat(index.addable()).contains("webProfile-10.0", "microProfile-6.1", "persistence-3.1", "faces-4.0", "facesContainer-4.0", "pages-3.1", "mail-2.1",
                "appSecurity-5.0", "mpJwt-2.1", "mpHealth-4.0", "mpMetrics-5.1", "mpOpenAPI-3.1", "mpFaultTolerance-4.0", "mpTelemetry-1.1", "jdbc-4.2", "jdbc-4.3",
                "xmlBinding-4.0", "enterpriseBeansLite-4.0");
        assertThat(index.isInEveryGuest("servlet-6.0")).isTrue();
        assertThat(index.ownerOf("jakarta.persistence")).contains("persistence-3.1");
        assertThat(index.absentFor("jakarta.jms")).contains("messaging-3.1");
        try (ZipFile pack = new ZipFile(image.resolve("features.zip").toFile())) {
            assertThat(index.files(index.addable())).isNotEmpty().allSatisfy(file -> assertThat(pack.getEntry(file)).as(file).isNotNull());
        }
    }
}

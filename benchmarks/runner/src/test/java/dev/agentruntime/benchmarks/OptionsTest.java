package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionsTest {

    private static final Path REPOSITORY = Path.of("repository");

    @Test
    void aRunWithoutNamesMeasuresAllButWhatHarmsTheHost() {
        Options options = Options.of(REPOSITORY);
        assertThat(options.wants(new Starts())).isTrue();
        assertThat(options.wants(new Trouble())).isFalse();
    }

    @Test
    void aRunMeasuresWhatIsNamedAndNothingElse() {
        Options options = Options.of(REPOSITORY, "--only", "trouble,warm");
        assertThat(options.wants(new Trouble())).isTrue();
        assertThat(options.wants(new Warm())).isTrue();
        assertThat(options.wants(new Starts())).isFalse();
    }

    @Test
    void anEarlierRunsResultsAreReadBeforeThisRunWritesOverThem(@TempDir Path folder) throws Exception {
        Path results = Files.writeString(folder.resolve("results.json"), "{\"mode\": \"quick\", \"results\": []}");
        Options options = Options.of(REPOSITORY, "--compare", results.toString(), "--quick");
        Files.delete(results);
        assertThat(options.earlier()).contains("{\"mode\": \"quick\", \"results\": []}");
        assertThat(options.sizes().name()).isEqualTo("quick");
    }

    @Test
    void whatCannotBeComparedWithIsRefusedBeforeAnythingIsMeasured(@TempDir Path folder) throws Exception {
        Path text = Files.writeString(folder.resolve("results.md"), "# Benchmark results");
        assertThatThrownBy(() -> Options.of(REPOSITORY, "--compare", text.toString()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("--compare " + text);
        assertThatThrownBy(() -> Options.of(REPOSITORY, "--compare", folder.resolve("none.json").toString()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("none.json");
    }
}

package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

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
}

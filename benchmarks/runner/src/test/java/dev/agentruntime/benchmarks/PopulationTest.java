package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PopulationTest {

    @Test
    void thePlatformStartsAsManySessionsAsWereAskedFor(@TempDir Path folder) throws IOException {
        Population.in(folder, 12, (platform, starts) -> {
            assertThat(starts).hasSize(12);
            assertThat(platform.runtime("hello").liveSessions()).isEqualTo(12);
        });
    }
}

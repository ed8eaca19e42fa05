package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/cli.md} is written from the commands; {@code -Dmanual.write=true} writes it anew. */
class ManualTest {

    private static final Path MANUAL = Path.of("../../docs/cli.md");

    @Test
    void theManualSaysWhatTheCommandsSay() throws IOException {
        String manual = Manual.text();
        if (Boolean.getBoolean("manual.write")) {
            Files.writeString(MANUAL, manual);
        }
        assertThat(Files.readString(MANUAL)).as("written by mvn test -Dtest=ManualTest -Dmanual.write=true in cli/agentctl").isEqualTo(manual);
    }
}

package dev.agentruntime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StateDirectoryTest {

    @Test
    void stateIsKeptWhereTheUserMayWrite() {
        assertThat(StateDirectory.of("root", "/root", Map.of())).isEqualTo(Path.of("/var/lib/agent-runtime"));
        assertThat(StateDirectory.of("ada", "/home/ada", Map.of()))
                .isEqualTo(Path.of("/home/ada/.local/state/agent-runtime"));
        assertThat(StateDirectory.of("ada", "/home/ada", Map.of("XDG_STATE_HOME", "/state")))
                .isEqualTo(Path.of("/state/agent-runtime"));
    }
}

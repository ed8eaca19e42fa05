package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class AgentMessageTest {

    @Test
    void idsAreUnique() {
        assertThat(AgentMessage.values()).extracting(message -> message.id().substring(0, 8)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void isComplete(AgentMessage message) {
        assertThat(message.id()).matches("AGRT0(01\\d|028|029|034|1\\d\\d)[IWE]");
        assertThat(message.text()).isNotBlank();
        assertThat(message.explanation()).isNotBlank().endsWith(".");
        assertThat(message.action()).isNotBlank().endsWith(".");
    }

    @ParameterizedTest
    @EnumSource
    void isInTheManual(AgentMessage message) throws IOException {
        assertThat(Files.readString(Path.of("../../docs/messages.md")))
                .contains("**" + message.id() + "** `" + message.text().replace("%n", " ").replaceAll("%[sd]", "…") + "`")
                .contains(message.explanation() + "\n<br>Action: " + message.action());
    }
}

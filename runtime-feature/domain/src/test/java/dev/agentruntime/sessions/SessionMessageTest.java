package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SessionMessageTest {

    @Test
    void idsAreUnique() {
        assertThat(SessionMessage.values()).extracting(message -> message.id().substring(0, 8)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void isComplete(SessionMessage message) {
        assertThat(message.id()).matches("AGRT0\\d{3}[IWE]").isNotEqualTo("AGRT0000I");
        assertThat(message.text()).isNotBlank();
        assertThat(message.explanation()).isNotBlank().endsWith(".");
        assertThat(message.action()).isNotBlank().endsWith(".");
    }

    @ParameterizedTest
    @EnumSource
    void isInTheManual(SessionMessage message) throws IOException {
        assertThat(Files.readString(Path.of("../../docs/messages.md")))
                .contains("**" + message.id() + "** `" + message.text().replace("%n", " ").replaceAll("%[sd]", "…") + "`")
                .contains(message.explanation() + "\n<br>Action: " + message.action());
    }
}

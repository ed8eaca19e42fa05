package dev.agentruntime.liberty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LibertyMessageTest {

    @Test
    void idsAreUnique() {
        assertThat(LibertyMessage.values()).extracting(message -> message.id().substring(0, 8)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void isComplete(LibertyMessage message) {
        assertThat(message.id()).matches("AGRT000[1-9][IWE]");
        assertThat(message.explanation()).isNotBlank().endsWith(".");
        assertThat(message.action()).isNotBlank().endsWith(".");
    }

    @ParameterizedTest
    @EnumSource
    void isInTheManual(LibertyMessage message) throws IOException {
        assertThat(Files.readString(Path.of("../../docs/messages.md")))
                .contains("**" + message.id() + "** `" + message.text().replace("%s", "…") + "`")
                .contains(message.explanation() + "\n<br>Action: " + message.action());
    }
}

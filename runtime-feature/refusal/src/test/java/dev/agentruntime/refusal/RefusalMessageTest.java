package dev.agentruntime.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RefusalMessageTest {

    @ParameterizedTest
    @EnumSource
    void isComplete(RefusalMessage message) {
        assertThat(message.id()).matches("AGRT020\\d[IWE]");
        assertThat(message.text()).isNotBlank().endsWith(".");
        assertThat(message.explanation()).isNotBlank().endsWith(".");
        assertThat(message.action()).isNotBlank().endsWith(".");
    }

    @ParameterizedTest
    @EnumSource
    void isInTheManual(RefusalMessage message) throws IOException {
        assertThat(Files.readString(Path.of("../../docs/messages.md")))
                .contains("**" + message.id() + "** `" + message.text() + "`")
                .contains(message.explanation() + "\n<br>Action: " + message.action());
    }
}

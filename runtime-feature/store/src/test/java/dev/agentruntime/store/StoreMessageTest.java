package dev.agentruntime.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class StoreMessageTest {

    @Test
    void idsAreUnique() {
        assertThat(StoreMessage.values()).extracting(message -> message.id().substring(0, 8)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void isComplete(StoreMessage message) {
        assertThat(message.id()).matches("AGRT003\\d[IWE]");
        assertThat(message.text()).isNotBlank();
        assertThat(message.explanation()).isNotBlank().endsWith(".");
        assertThat(message.action()).isNotBlank().endsWith(".");
    }

    @ParameterizedTest
    @EnumSource
    void isInTheManual(StoreMessage message) throws IOException {
        assertThat(Files.readString(Path.of("../../docs/messages.md")))
                .contains("**" + message.id() + "** `" + message.text().replace("%n", " ").replaceAll("%[sd]", "…") + "`")
                .contains(message.explanation() + "\n<br>Action: " + message.action());
    }
}

package dev.agentruntime.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InboundMessageTest {

    @Test
    void everyMessageHasAnIdOfItsOwnAndSaysWhatToDo() {
        assertThat(Arrays.stream(InboundMessage.values()).map(InboundMessage::id))
                .doesNotHaveDuplicates().allMatch(id -> id.matches("AGRT6\\d{3}[IWE]"));
        assertThat(InboundMessage.values()).allMatch(m -> !m.explanation().isEmpty() && !m.action().isEmpty());
    }

    @Test
    void theManualHasEveryMessage() throws IOException {
        String manual = Files.readString(Path.of("../docs/messages.md"));
        assertThat(InboundMessage.values()).allSatisfy(message -> assertThat(manual)
                .contains("**" + message.id() + "** `" + message.text().replace("%s", "…") + "`")
                .contains(message.explanation() + "\n<br>Action: " + message.action()));
    }
}

package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class IdentityMessageTest {

    @Test
    void everyMessageHasAnIdOfItsOwnAndSaysWhatToDo() {
        assertThat(Arrays.stream(IdentityMessage.values()).map(IdentityMessage::id))
                .doesNotHaveDuplicates().allMatch(id -> id.matches("AGRT63\\d{2}[IWE]"));
        assertThat(IdentityMessage.values()).allMatch(m -> !m.explanation().isEmpty() && !m.action().isEmpty());
    }

    @Test
    void theManualHasEveryMessage() throws IOException {
        String manual = Files.readString(Path.of("../docs/messages.md"));
        assertThat(IdentityMessage.values()).allSatisfy(message -> assertThat(manual)
                .contains("**" + message.id() + "** `" + message.text().replace("%s", "…") + "`")
                .contains(message.explanation() + "\n<br>Action: " + message.action()));
    }
}

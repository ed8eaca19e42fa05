package dev.agentruntime.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AccountingMessageTest {

    @Test
    void everyMessageHasAnIdOfItsOwnAndSaysWhatToDo() {
        assertThat(Arrays.stream(AccountingMessage.values()).map(AccountingMessage::id))
                .doesNotHaveDuplicates().allMatch(id -> id.matches("AGRT62\\d{2}[IWE]"));
        assertThat(AccountingMessage.values()).allMatch(m -> !m.explanation().isEmpty() && !m.action().isEmpty());
    }

    @Test
    void theManualHasEveryMessage() throws IOException {
        String manual = Files.readString(Path.of("../docs/messages.md"));
        assertThat(AccountingMessage.values()).allSatisfy(message -> assertThat(manual)
                .contains("**" + message.id() + "** `" + message.text().replace("%s", "…") + "`")
                .contains(message.explanation() + "\n<br>Action: " + message.action()));
    }
}

package dev.agentruntime.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ConsoleMessageTest {

    @Test
    void everyMessageHasAnIdOfItsOwnAndSaysWhatToDo() {
        assertThat(Arrays.stream(ConsoleMessage.values()).map(ConsoleMessage::id))
                .doesNotHaveDuplicates().allMatch(id -> id.matches("AGRT65\\d{2}[IWE]"));
        assertThat(ConsoleMessage.values()).allMatch(m -> !m.explanation().isEmpty() && !m.action().isEmpty());
    }

    @Test
    void theManualHasEveryMessage() throws IOException {
        String manual = Files.readString(Path.of("../docs/messages.md"));
        assertThat(ConsoleMessage.values()).allSatisfy(message -> assertThat(manual)
                .contains("**" + message.id() + "** `" + message.text().replace("%s", "…") + "`")
                .contains(message.explanation() + "\n<br>Action: " + message.action()));
    }
}

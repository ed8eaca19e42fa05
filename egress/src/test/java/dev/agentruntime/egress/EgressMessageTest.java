package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EgressMessageTest {

    @Test
    void idsAreUniqueAndInTheRoomsRange() {
        assertThat(Arrays.stream(EgressMessage.values()).map(EgressMessage::id)).doesNotHaveDuplicates().allMatch(id -> id.matches("AGRT4\\d{3}[IWE]"));
    }

    @Test
    void everyMessageExplainsItselfAndSaysWhatToDo() {
        assertThat(EgressMessage.values()).allSatisfy(message -> {
            assertThat(message.explanation()).endsWith(".");
            assertThat(message.action()).endsWith(".");
        });
    }

    @Test
    void theManualHasEveryMessage() throws IOException {
        String manual = Files.readString(Path.of("../docs/messages.md"));
        assertThat(EgressMessage.values()).allSatisfy(message -> assertThat(manual)
                .contains("**" + message.id() + "** `" + message.text().replace("%s", "…") + "`")
                .contains(message.explanation() + "\n<br>Action: " + message.action()));
    }
}

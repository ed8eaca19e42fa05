package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DriverMessageTest {

    @Test
    void idsAreUniqueAndInTheDriversRange() {
        assertThat(Arrays.stream(DriverMessage.values()).map(DriverMessage::id)).doesNotHaveDuplicates().allMatch(id -> id.matches("AGRT1\\d{3}[IWE]"));
    }

    @Test
    void everyMessageExplainsItselfAndSaysWhatToDo() {
        assertThat(DriverMessage.values()).allSatisfy(message -> {
            assertThat(message.explanation()).endsWith(".");
            assertThat(message.action()).endsWith(".");
        });
    }

    @Test
    void theManualHasEveryMessage() throws IOException {
        String manual = Files.readString(Path.of("../docs/messages.md"));
        assertThat(DriverMessage.values()).allSatisfy(message -> assertThat(manual)
                .contains("**" + message.id() + "** `" + message.text().replace("%s", "…") + "`")
                .contains(message.explanation() + "\n<br>Action: " + message.action()));
    }
}

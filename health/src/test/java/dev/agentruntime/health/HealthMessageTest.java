package dev.agentruntime.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HealthMessageTest {

    @Test
    void everyMessageHasAnIdOfItsOwnAndSaysWhatToDo() {
        assertThat(Arrays.stream(HealthMessage.values()).map(HealthMessage::id))
                .doesNotHaveDuplicates().allMatch(id -> id.matches("AGRT2\\d{3}[IWE]"));
        assertThat(HealthMessage.values()).allMatch(m -> !m.explanation().isEmpty() && !m.action().isEmpty());
    }
}

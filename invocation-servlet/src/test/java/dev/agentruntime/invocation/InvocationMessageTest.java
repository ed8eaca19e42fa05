package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InvocationMessageTest {

    @Test
    void everyMessageHasAnIdOfItsOwnAndSaysWhatToDo() {
        assertThat(Arrays.stream(InvocationMessage.values()).map(InvocationMessage::id))
                .doesNotHaveDuplicates().allMatch(id -> id.matches("AGRT3\\d{3}[IWE]"));
        assertThat(InvocationMessage.values()).allMatch(m -> !m.explanation().isEmpty() && !m.action().isEmpty());
    }
}

package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class VmMemoryTest {

    @Test
    void aTextInTheMemoryOfAProcessIsFoundAndOneThatIsNotThereIsNot() throws IOException {
        ProcessBuilder command = new ProcessBuilder("sleep", "60");
        command.environment().put("VM_MEMORY_TEST", "a-text-to-be-found");
        Process process = command.start();
        try {
            VmMemory memory = VmMemory.ofProcess(process.pid());
            await().untilAsserted(() -> assertThat(memory.placesOf("VM_MEMORY_TEST=a-text-to-be-found")).singleElement().asString().contains("[stack]"));
            assertThat(memory.placesOf("a-text-that-is-nowhere")).isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aTextIsFoundAtEitherEndAndNotBeyondTheLength() {
        byte[] block = "abcabd".getBytes(StandardCharsets.US_ASCII);
        assertThat(VmMemory.indexOf(block, 6, "abd".getBytes(StandardCharsets.US_ASCII))).isEqualTo(3);
        assertThat(VmMemory.indexOf(block, 6, "abc".getBytes(StandardCharsets.US_ASCII))).isZero();
        assertThat(VmMemory.indexOf(block, 5, "abd".getBytes(StandardCharsets.US_ASCII))).isEqualTo(-1);
    }
}

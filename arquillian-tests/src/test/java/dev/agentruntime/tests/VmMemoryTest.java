package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ref.Reference;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void filesThatHoldATextAreFoundWhereBlocksMeetAndAsTwoBytesACharacter(@TempDir Path folder) throws IOException {
        Path acrossBlocks = folder.resolve("deep/across-blocks");
        Files.createDirectories(acrossBlocks.getParent());
        Files.writeString(acrossBlocks, "-".repeat((4 << 20) - 3) + "a-secret" + "-".repeat(100));
        Path wide = Files.write(folder.resolve("wide"), "..a-secret..".getBytes(StandardCharsets.UTF_16LE));
        Files.writeString(folder.resolve("other"), "a-secre");
        Files.createFile(folder.resolve("empty"));

        assertThat(VmMemory.filesWith(folder, "a-secret")).containsExactlyInAnyOrder(acrossBlocks, wide);
    }

    @Test
    void whatAProcessHasMappedForItselfIsItsTemplateAndWhatItMayOnlyReadIsNot(@TempDir Path folder) throws IOException {
        Path ram = folder.resolve("ram");
        Path initrd = folder.resolve("initrd");
        MappedByteBuffer own = mapped(ram, MapMode.PRIVATE);
        MappedByteBuffer read = mapped(initrd, MapMode.READ_ONLY);

        assertThat(VmMemory.ofProcess(ProcessHandle.current().pid()).templateFiles()).contains(ram.toString()).doesNotContain(initrd.toString());

        Reference.reachabilityFence(own);
        Reference.reachabilityFence(read);
    }

    /** As large as a template. */
    private static MappedByteBuffer mapped(Path file, MapMode mode) throws IOException {
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            content.setLength(80 << 20);
            return content.getChannel().map(mode, 0, content.length());
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

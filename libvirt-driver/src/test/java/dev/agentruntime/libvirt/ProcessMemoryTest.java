package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the memory of this very process, which maps a file for itself alone as QEMU does. */
class ProcessMemoryTest {

    private static final int PAGE = GuestMemory.PAGE;
    private static final int PAGES = 300;
    private static final QemuProcess SELF = new QemuProcess(ProcessHandle.current().pid(), "0");

    @TempDir
    Path folder;

    private Path template;
    private MappedByteBuffer mapped;

    @BeforeEach
    void map() throws IOException {
        template = folder.resolve("ram");
        byte[] bytes = new byte[PAGES * PAGE];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i / PAGE);
        }
        Files.write(template, bytes);
        try (FileChannel channel = FileChannel.open(template, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            mapped = channel.map(FileChannel.MapMode.PRIVATE, 0, bytes.length);
        }
    }

    private static Map<Long, Integer> changed(Path template) throws IOException {
        Map<Long, Integer> found = new TreeMap<>();
        try (GuestMemory memory = ProcessMemory.open(SELF, template)) {
            memory.changed((offset, bytes) -> {
                for (int page = 0; page < bytes.remaining(); page += PAGE) {
                    found.put((offset + page) / PAGE, (int) bytes.get(bytes.position() + page));
                }
            });
        }
        return found;
    }

    @Test
    void onlyPagesThatDifferFromTheTemplateArePassedOn() throws IOException {
        mapped.put(3 * PAGE, (byte) 77);
        mapped.put(4 * PAGE, (byte) 78);
        mapped.put(299 * PAGE, (byte) 79);
        assertThat(mapped.get(5 * PAGE)).as("read, and not written").isEqualTo((byte) 5);
        assertThat(changed(template)).isEqualTo(Map.of(3L, 77, 4L, 78, 299L, 79));
    }

    @Test
    void aPageThatEqualsTheTemplatesAgainIsLeftOut() throws IOException {
        mapped.put(3 * PAGE, (byte) 77);
        mapped.put(7 * PAGE, (byte) 77);
        mapped.put(7 * PAGE, (byte) 7);
        assertThat(changed(template)).isEqualTo(Map.of(3L, 77));
    }

    @Test
    void runsLongerThanWhatIsPassedOnAtOnceAreWhole() throws IOException {
        for (int page = 10; page < 290; page++) {
            mapped.put(page * PAGE, (byte) 100);
        }
        assertThat(changed(template)).hasSizeBetween(278, 280).containsKeys(10L, 73L, 74L, 289L);
    }

    @Test
    void whatIsWrittenIsTheProcessesAndNotTheTemplates() throws IOException {
        byte[] before = Files.readAllBytes(template);
        try (GuestMemory memory = ProcessMemory.open(SELF, template)) {
            ByteBuffer two = ByteBuffer.allocate(2 * PAGE);
            two.put(0, (byte) 55).put(PAGE, (byte) 56);
            memory.write(8L * PAGE, two);
            assertThat(two.hasRemaining()).isFalse();
        }
        assertThat(mapped.get(8 * PAGE)).isEqualTo((byte) 55);
        assertThat(mapped.get(9 * PAGE)).isEqualTo((byte) 56);
        assertThat(mapped.get(10 * PAGE)).isEqualTo((byte) 10);
        assertThat(Files.readAllBytes(template)).isEqualTo(before);
        assertThat(changed(template)).isEqualTo(Map.of(8L, 55, 9L, 56));
    }

    @Test
    void whatIsBehindTheEndIsRefused() throws IOException {
        try (GuestMemory memory = ProcessMemory.open(SELF, template)) {
            assertThatThrownBy(() -> memory.write((long) PAGES * PAGE, ByteBuffer.allocate(PAGE))).isInstanceOf(IOException.class)
                    .hasMessageContaining("nothing is mapped");
        }
    }

    @Test
    void aProcessThatDoesNotMapTheTemplateIsNamed() throws IOException {
        Path other = Files.write(folder.resolve("other"), new byte[PAGE]);
        assertThatThrownBy(() -> ProcessMemory.open(SELF, other)).isInstanceOf(IOException.class)
                .hasMessageContainingAll("process " + SELF.pid(), "other");
    }

    @Test
    void aProcessThatIsGoneIsAnError() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        assertThatThrownBy(() -> ProcessMemory.open(new QemuProcess(ended.pid(), "0"), template)).isInstanceOf(IOException.class);
    }

    @Test
    void theFileIsFoundByItsNumberInAllItsPieces() {
        List<String> maps = List.of(
                "7f0000000000-7f0000100000 rw-p 00000000 00:1a 4711                       /v/run/it/libvirt-1.ram",
                "7f0000100000-7f0000200000 rw-p 00100000 00:1a 4711                       /v/run/it/libvirt-1.ram",
                "7f0000300000-7f0000400000 rw-p 00000000 00:00 0 ",
                "7f0000500000-7f0000600000 r--p 00000000 00:1a 47110                      /lib/a library with blanks.so");
        assertThat(ProcessMemory.areas(maps, "4711")).containsExactly(
                new ProcessMemory.Area(0x7f0000000000L, 0x7f0000100000L, 0), new ProcessMemory.Area(0x7f0000100000L, 0x7f0000200000L, 0x100000));
    }

    @Test
    void aLibraryOfTheSameNumberOnAnotherFileSystemIsNoMemoryOfTheGuests() {
        List<String> maps = List.of(
                "7f0000000000-7f0000010000 r--p 00000000 fd:01 4711                       /lib/x86_64-linux-gnu/libfirst.so",
                "7f0000100000-7f0000200000 rw-p 00000000 00:1a 4711                       /v/run/it/libvirt-1.ram",
                "7f0000200000-7f0000300000 rw-p 00100000 00:1a 4711                       /v/run/it/libvirt-1.ram",
                "7f0000300000-7f0000310000 rw-p 00000000 fd:02 4711                       /lib/x86_64-linux-gnu/liblast.so");
        assertThat(ProcessMemory.areas(maps, "4711")).containsExactly(
                new ProcessMemory.Area(0x7f0000100000L, 0x7f0000200000L, 0), new ProcessMemory.Area(0x7f0000200000L, 0x7f0000300000L, 0x100000));
    }
}

package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelCountTest {

    @TempDir
    Path folder;

    private Path group;
    private Path process;

    @BeforeEach
    void lives() throws IOException {
        group = Files.createDirectory(folder.resolve("group"));
        process = Files.createDirectory(folder.resolve("4711"));
        write(process.resolve("stat"), "4711 (qemu-system) x)) S 1 4711");
    }

    /** As a kernel does: nobody reads half of it. */
    private void write(Path file, String text) throws IOException {
        Path draft = folder.resolve("draft");
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void bothVersionsOfControlGroupsAreUnderstood() {
        assertThat(KernelCount.nanos("123456789\n")).isEqualTo(123_456_789);
        assertThat(KernelCount.nanos("usage_usec 2500\nuser_usec 2000\nsystem_usec 500\n")).isEqualTo(2_500_000);
    }

    @Test
    void whatIsReadAfterTheProcessHasEndedIsAllOfIt() throws IOException {
        write(group.resolve("cpuacct.usage"), "1000\n");
        KernelCount count = KernelCount.begin(group, process);
        write(group.resolve("cpuacct.usage"), "2000\n");
        write(process.resolve("stat"), "4711 (qemu-system) x)) Z 1 4711");
        await().until(() -> count.now().whole() && count.now().nanos() == 2000);
        Files.delete(group.resolve("cpuacct.usage"));
        assertThat(count.end()).isEqualTo(new KernelCount.Reading(2000, true));
        assertThat(count.end().seconds()).isEqualByComparingTo("0.000002");
    }

    @Test
    void aGroupThatGoesWithItsProcessLeavesWhatMayNotBeAll() throws IOException {
        write(group.resolve("cpu.stat"), "usage_usec 5\n");
        KernelCount count = KernelCount.begin(group, process);
        Files.delete(group.resolve("cpu.stat"));
        assertThat(count.end()).isEqualTo(new KernelCount.Reading(5000, false));
    }

    @Test
    void aProcessThatIsGoneHasEnded() throws IOException {
        write(group.resolve("cpu.stat"), "usage_usec 5\n");
        Files.delete(process.resolve("stat"));
        KernelCount count = KernelCount.begin(group, process);
        assertThat(count.now().whole()).isTrue();
        Files.delete(group.resolve("cpu.stat"));
        count.end();
    }

    @Test
    void whereThereIsNoGroupNothingIsKnown() {
        assertThat(KernelCount.begin(group, process).end()).isEqualTo(new KernelCount.Reading(0, false));
    }
}

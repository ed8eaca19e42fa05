package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostFactsTest {

    @TempDir
    Path folder;
    private HostFacts facts;

    @BeforeEach
    void aHost() throws IOException {
        Files.createDirectories(folder.resolve("module/kvm_intel/parameters"));
        Files.writeString(folder.resolve("version"), "Linux version 6.1.0-1 #1 SMP");
        processor("0x1", "fpu vme", "2000.000");
        facts = new HostFacts(folder, folder, folder.resolve("kvm"));
    }

    @Test
    void whatChangesFromReadingToReadingDoesNotCount() throws IOException {
        String before = facts.kvm();
        processor("0x1", "fpu vme", "3100.123");
        assertThat(facts.kvm()).isEqualTo(before);
    }

    @Test
    void microcodeAndKernelCountUnderKvmOnly() throws IOException {
        String emulated = facts.processor();
        String first = facts.processorUnderKvm();
        processor("0x2", "fpu vme", "2000.000");
        String second = facts.processorUnderKvm();
        Files.writeString(folder.resolve("version"), "Linux version 6.1.0-1 #2 SMP");
        assertThat(facts.processor()).isEqualTo(emulated);
        assertThat(second).isNotEqualTo(first);
        assertThat(facts.processorUnderKvm()).isNotIn(first, second);
    }

    @Test
    void aFeatureOfTheProcessorCountsAlways() throws IOException {
        String before = facts.processor();
        processor("0x1", "fpu vme avx", "2000.000");
        assertThat(facts.processor()).isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"module/kvm_intel/parameters/nested", "module/kvm_intel/srcversion", "module/kvm/parameters/ignore_msrs", "kvm"})
    void theModuleItsSettingsAndTheDeviceCountForTheProbe(String file) throws IOException {
        String before = facts.kvm();
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), "Y\n");
        assertThat(facts.kvm()).isNotEqualTo(before);
    }

    @Test
    void anotherVendorsModuleCounts() throws IOException {
        String before = facts.kvm();
        Files.move(folder.resolve("module/kvm_intel"), folder.resolve("module/kvm_amd"));
        assertThat(facts.kvm()).isNotEqualTo(before);
    }

    @Test
    void theseFactsAreKnownOfThisHost() throws IOException {
        HostFacts here = HostFacts.ofThisHost();
        assertThat(here.kvm()).isEqualTo(here.kvm()).hasSize(64);
        assertThat(here.processor()).isNotEqualTo(here.processorUnderKvm());
    }

    private void processor(String microcode, String flags, String mhz) throws IOException {
        Files.writeString(folder.resolve("cpuinfo"), "processor\t: 0\nvendor_id\t: A\nmicrocode\t: " + microcode + "\ncpu MHz\t\t: " + mhz
                + "\nflags\t\t: " + flags + "\n\nprocessor\t: 1\n");
    }
}

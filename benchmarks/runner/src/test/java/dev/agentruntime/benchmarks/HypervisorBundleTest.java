package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HypervisorBundleTest {

    @TempDir
    private Path folder;

    @Test
    void standsInThePlaceOfTheBundleThatDrivesLibvirtAndHasNothingOfTheRunnerBesides() throws Exception {
        HypervisorBundle.into(folder);
        try (JarFile jar = new JarFile(folder.resolve("dev.agentruntime.libvirt_0.1.0.jar").toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Bundle-Activator")).isEqualTo(MemoryHypervisor.class.getName());
            assertThat(jar.stream().map(ZipEntry::getName)).contains("dev/agentruntime/benchmarks/MemoryHypervisor.class",
                    "dev/agentruntime/spi/fake/FakeDriver.class", "dev/agentruntime/spi/fake/Pipe.class")
                    .doesNotContain("dev/agentruntime/benchmarks/Main.class");
        }
    }

    @Test
    void aGuardedWarIsTheSameBehindTokens() throws Exception {
        Path war = folder.resolve("open.war");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(war))) {
            zip.putNextEntry(new ZipEntry("WEB-INF/classes/A.class"));
            zip.write(1);
            zip.putNextEntry(new ZipEntry("WEB-INF/web.xml"));
        }
        Path guarded = folder.resolve("guarded.war");
        GuardedWar.of(war, guarded);
        try (ZipFile zip = new ZipFile(guarded.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName)).containsExactly("WEB-INF/classes/A.class", "WEB-INF/web.xml");
            assertThat(new String(zip.getInputStream(zip.getEntry("WEB-INF/web.xml")).readAllBytes())).contains("MP-JWT", "<url-pattern>/*");
        }
    }
}

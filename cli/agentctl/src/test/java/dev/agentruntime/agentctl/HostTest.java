package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostTest {

    /** Paths of UNIX sockets are short. */
    @TempDir(factory = ShortFolders.class)
    private Path root;

    @BeforeEach
    void aHostThatIsAsItShouldBe() throws IOException {
        for (String folder : new String[] {"dev", "run/libvirt", "usr/bin", "sys/fs/cgroup", "proc", "storage"}) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.createFile(root.resolve("dev/kvm"));
        Files.createFile(root.resolve("sys/fs/cgroup/cgroup.controllers"));
        Files.setPosixFilePermissions(Files.createFile(root.resolve("usr/bin/qemu-system-x86_64")), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(root.resolve("proc/meminfo"), "MemTotal: 9 kB\nMemAvailable:   8388608 kB\n");
    }

    private Host host() {
        return new Host(root, root.resolve("storage/not-yet"), new Surroundings(System.in, System.out, System.err, Map.of(), root, root, java.time.Clock.systemUTC(), false, false));
    }

    private Finding found(String what) {
        return host().look().stream().filter(finding -> finding.what().equals(what)).findFirst().orElseThrow();
    }

    @Test
    void aSoundHostHasNothingWrong() throws IOException {
        try (ServerSocketChannel libvirtd = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            libvirtd.bind(UnixDomainSocketAddress.of(root.resolve("run/libvirt/libvirt-sock")));
            assertThat(host().look()).noneMatch(finding -> finding.level() == Finding.Level.WRONG).extracting(Finding::what)
                    .containsExactly("KVM", "libvirt", "QEMU", "cgroups", "memory", "disk", "templates");
        }
    }

    @Test
    void libvirtdThatIsStoppedIsNamedWithHowToStartIt() throws IOException {
        assertThat(found("libvirt")).returns(Finding.Level.WRONG, Finding::level).satisfies(finding -> {
            assertThat(finding.found()).contains("libvirtd does not run");
            assertThat(finding.remedy()).contains("systemctl start libvirtd");
        });
        // Killed, it leaves its socket behind.
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(root.resolve("run/libvirt/libvirt-sock"))).close();
        assertThat(found("libvirt").found()).contains("nobody answers at");
    }

    @Test
    void aMachineWithoutKvmIsSlowAndSaysWhatToTurnOn() throws IOException {
        Files.delete(root.resolve("dev/kvm"));
        assertThat(found("KVM")).returns(Finding.Level.REMARK, Finding::level).satisfies(finding -> assertThat(finding.remedy()).contains("kvm_intel"));
    }

    @Test
    void kvmThatMayNotBeOpenedIsNamedWithTheGroup() throws IOException {
        Files.setPosixFilePermissions(root.resolve("dev/kvm"), PosixFilePermissions.fromString("---------"));
        org.junit.jupiter.api.Assumptions.assumeFalse(Files.isReadable(root.resolve("dev/kvm")), "root may open everything");
        assertThat(found("KVM")).returns(Finding.Level.WRONG, Finding::level).satisfies(finding -> assertThat(finding.remedy()).contains("group kvm"));
    }

    /** As a device is whose module is not loaded, or that a container withholds: also root cannot open it. */
    @Test
    void kvmThatIsThereAndCannotBeUsedIsNamedWithTheModule() throws IOException {
        Files.delete(root.resolve("dev/kvm"));
        Files.createDirectory(root.resolve("dev/kvm"));
        assertThat(found("KVM")).returns(Finding.Level.WRONG, Finding::level).satisfies(finding -> {
            assertThat(finding.found()).isEqualTo("/dev/kvm is there and cannot be used: Is a directory");
            assertThat(finding.remedy()).contains("kvm_intel", "--device /dev/kvm");
        });
    }

    @Test
    void aDiskThatIsFullOrNearlySoIsNamedWithWhatToDelete() {
        assertThat(host().disk(1 << 20)).returns(Finding.Level.WRONG, Finding::level)
                .satisfies(finding -> assertThat(finding.remedy()).contains("Delete what is not needed", "'stateDirectory' of <agentRuntime>"));
        assertThat(host().disk(5L << 30).level()).isEqualTo(Finding.Level.REMARK);
        assertThat(host().disk(50L << 30).level()).isEqualTo(Finding.Level.OK);
    }

    @Test
    void whatElseIsMissingIsNamed() throws IOException {
        Files.delete(root.resolve("usr/bin/qemu-system-x86_64"));
        Files.delete(root.resolve("sys/fs/cgroup/cgroup.controllers"));
        Files.writeString(root.resolve("proc/meminfo"), "MemAvailable:   1024 kB\n");
        assertThat(found("QEMU").remedy()).contains("apt-get install qemu-system-x86");
        assertThat(found("cgroups").level()).isEqualTo(Finding.Level.REMARK);
        assertThat(found("memory").found()).isEqualTo("1.0 MiB are available");
        Files.delete(root.resolve("proc/meminfo"));
        assertThat(found("memory").found()).startsWith("cannot be read");
    }

    @Test
    void aTemplateThatIsNotAsItWasWrittenIsNamed() throws IOException {
        assertThat(found("templates")).returns(Finding.Level.REMARK, Finding::level).satisfies(finding -> assertThat(finding.found()).startsWith("there is none yet in"));
        Path template = Files.createDirectories(root.resolve("storage/not-yet/templates/abc"));
        Files.createDirectories(template.resolveSibling(".draft-1"));
        Files.writeString(template.resolve("ram"), "1234");
        Files.writeString(template.resolve("state"), "12");
        Files.writeString(template.resolve("template.properties"), "ram.size=4\nstate.size=2\n");
        assertThat(found("templates")).isEqualTo(Finding.ok("templates", "1 in " + template.getParent()));
        for (String damage : new String[] {"ram.size=5\nstate.size=2\n", "state.size=2\n", "\\u12"}) {
            Files.writeString(template.resolve("template.properties"), damage);
            assertThat(found("templates")).as(damage).isEqualTo(Finding.wrong("templates", template + " is not as it was written",
                    "Remove that folder while no agent uses it; the server makes it anew."));
        }
    }
}

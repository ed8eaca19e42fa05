package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged doctor on this machine, where it finds libvirtd stopped, a full disk and a /dev/kvm without its module: in a mount namespace of its own,
 * so that nobody else finds them. Needs root.
 */
class DoctorIT {

    private static final Path SCRIPT = Path.of("target/agentctl/agentctl").toAbsolutePath();
    private static final int FINDINGS = ExitCode.FINDINGS.code();

    @TempDir
    private Path folder;

    @BeforeEach
    void root() throws Exception {
        assumeTrue(run("mount --make-rprivate /").code() == 0, "Nothing can be mounted here: the doctor's findings are in HostTest");
    }

    private Ran run(String script) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        ProcessBuilder builder = new ProcessBuilder("unshare", "--mount", "sh", "-ec", "mount --make-rprivate /; " + script).directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("AGENTCTL_HOME", folder.resolve("settings").toString());
        builder.environment().put("AGENTCTL_SERVER", "http://localhost:1/agents");
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), "");
    }

    @Test
    void libvirtdThatIsStoppedIsNamedWithHowToStartIt() throws Exception {
        Ran ran = run("mkdir -p /run/libvirt; mount -t tmpfs none /run/libvirt; " + SCRIPT + " doctor --host");
        assertThat(ran.code()).as(ran.out()).isEqualTo(FINDINGS);
        assertThat(ran.out()).contains("WRONG  libvirt: libvirtd does not run: it has no socket below /run/libvirt\n       Start it: systemctl start libvirtd");
    }

    @Test
    void aDiskThatIsFullIsNamedWithWhatToDelete() throws Exception {
        Files.createDirectory(folder.resolve("full"));
        Ran ran = run("mount -t tmpfs -o size=1m none full; head -c 2m /dev/zero > full/x 2> error || true; " + SCRIPT + " doctor --host --storage " + folder.resolve("full"));
        assertThat(ran.code()).as(ran.out()).isEqualTo(FINDINGS);
        assertThat(ran.out()).contains("WRONG  disk: 0 B are free where templates are kept, " + folder.resolve("full") + "\n       Templates take some 100 MiB to 1 GiB each. Delete");
    }

    /** Of a number that no driver has. */
    @Test
    void kvmWithoutItsModuleIsNamedWithTheModule() throws Exception {
        Ran ran = run("mount -t tmpfs none /dev; mknod /dev/kvm c 10 250; mknod -m 666 /dev/null c 1 3; mknod -m 666 /dev/random c 1 8; mknod -m 666 /dev/urandom c 1 9; "
                + SCRIPT + " doctor --host");
        assertThat(ran.code()).as(ran.out()).isEqualTo(FINDINGS);
        assertThat(ran.out()).contains("WRONG  KVM: /dev/kvm is there and cannot be used: No such device").contains("kvm_intel");
    }
}

package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.Artifact;
import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.spi.VmDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/** This host's libvirtd with the guest image, for tests with real VMs. Says what it does and when. */
final class RealHost implements AutoCloseable {

    private static final long MEMORY = 1L << 30;

    private final Path state = Path.of(System.getProperty("vm.state", "/var/tmp/agent-runtime-it"));
    private final VmDriver driver;

    RealHost() {
        Path image = Path.of(System.getProperty("guest.image")).toAbsolutePath().normalize();
        driver = new LibvirtDriverProvider().open(new DriverSettings("it", System.getProperty("vm.hypervisor", "auto"),
                System.getProperty("vm.acceleration", "auto"), "auto", image, state, 10));
    }

    VmDriver driver() {
        return driver;
    }

    Path templates() {
        return state.resolve("templates");
    }

    Path run() {
        return state.resolve("run/it");
    }

    /** Makes the echo agent ready, after whatever an earlier run has left is gone. */
    AgentTemplate prepare(String runtime) throws IOException {
        return prepare(runtime, TestWar.echo(Files.createTempDirectory("agrt-it")));
    }

    AgentTemplate prepare(String runtime, Path war) throws IOException {
        driver.reclaim(Set.of());
        long begun = System.nanoTime();
        AgentTemplate template = driver.prepare(spec(runtime, war), step -> say(begun, step));
        say(begun, "READY, start mode " + template.startMode() + ", build CPU " + template.buildCpuNanos() / 1_000_000 + " ms");
        say(begun, driver.status().description());
        return template;
    }

    AgentSpec spec(String runtime, Path war) throws IOException {
        return new AgentSpec(runtime, new Artifact(Artifact.Kind.WAR, war, digest(war)), MEMORY, 1);
    }

    private static String digest(Path war) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(war)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static void say(long begun, String step) {
        System.out.printf("[%6.1f s] %s%n", (System.nanoTime() - begun) / 1e9, step);
    }

    @Override
    public void close() {
        driver.close();
        assertThat(run()).isDirectoryNotContaining("glob:**agrt-*");
    }
}

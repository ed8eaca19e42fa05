package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.spi.Additions;
import dev.agentruntime.spi.AgentPaths;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.Artifact;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.Vm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs a WAR from anywhere as an agent in a real VM, with -Dvm=true -Dwar=FILE, and prints what it costs. More properties:
 * war.ping, war.features, war.configuration (a file), war.drivers (a folder), war.memory (MiB), and war.calls, a file with a
 * call a line: {@code METHOD PATH STATUS TEXT [BODY]}, with blanks as {@code +} in TEXT, the text that the answer must hold.
 */
@EnabledIfSystemProperty(named = "war", matches = ".+")
class AnyWarIT {

    @Test
    void aWarThatNobodyHereWroteRunsUnchanged() throws Exception {
        Path war = Path.of(System.getProperty("war"));
        try (RealHost host = new RealHost()) {
            host.driver().reclaim(Set.of());
            AgentSpec plain = host.spec("any", war);
            AgentSpec spec = new AgentSpec("any", plain.artifact(), Long.getLong("war.memory", 1024) << 20, 1,
                    new AgentPaths(System.getProperty("war.ping", "/ping"), "/"),
                    new Additions(Stream.of(System.getProperty("war.features", "").split(",")).filter(name -> !name.isEmpty()).toList(),
                            configuration(), drivers(host)));
            long begun = System.nanoTime();
            try (AgentTemplate template = host.driver().prepare(spec, step -> say(begun, step))) {
                say(begun, "ready, " + template.buildCpuNanos() / 1_000_000 + " ms of CPU");
                Vm one = template.start();
                Vm other = template.start();
                try {
                    serves(one);
                    serves(other);
                } finally {
                    one.destroy();
                    other.destroy();
                }
            }
        }
    }

    private static void serves(Vm vm) throws Exception {
        vm.begin(SessionStart.of("any"));
        for (String line : Files.readAllLines(Path.of(System.getProperty("war.calls")))) {
            String[] call = line.split(" ", 5);
            long begun = System.nanoTime();
            String answer = GuestHttp.send(vm, call[0], call[1], call.length < 5 ? "" : call[4], "Content-Type: application/x-www-form-urlencoded");
            say(begun, line + ": " + answer.lines().findFirst().orElse("nothing"));
            assertThat(answer).as(() -> answer + "\n" + String.join("\n", vm.logTail(60))).startsWith("HTTP/1.1 " + call[2]).contains(call[3].replace('+', ' '));
        }
        System.out.println("reading: " + vm.read());
    }

    private static Optional<String> configuration() throws IOException {
        String file = System.getProperty("war.configuration", "");
        return file.isEmpty() ? Optional.empty() : Optional.of(Files.readString(Path.of(file)));
    }

    private static Optional<Artifact> drivers(RealHost host) throws IOException {
        String folder = System.getProperty("war.drivers", "");
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        Path zip = Files.createTempFile("drivers", ".zip");
        try (Stream<Path> jars = Files.list(Path.of(folder)); ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (Path jar : jars.sorted().toList()) {
                ZipEntry entry = new ZipEntry(jar.getFileName().toString());
                entry.setTime(0);
                out.putNextEntry(entry);
                Files.copy(jar, out);
            }
        }
        return Optional.of(new Artifact(Artifact.Kind.LIBRARIES, zip, host.spec("any", zip).artifact().digest()));
    }

    private static void say(long begun, String what) {
        System.out.printf("[%6.2f s] %s%n", (System.nanoTime() - begun) / 1e9, what);
    }
}

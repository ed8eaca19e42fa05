package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.client.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar, by its start script, as a process of its own. */
class AgentctlIT {

    private static final Path SCRIPT = Path.of("target/agentctl/agentctl").toAbsolutePath();

    @TempDir
    private Path folder;
    private final ScriptedServer server = World.up();

    @AfterEach
    void stop() {
        server.close();
    }

    private Process start(Path script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(java.util.Map.of("AGENTCTL_SERVER", server.endpoint().toString(), "AGENTCTL_TOKEN", "T", "AGENTCTL_HOME", folder.toString()));
        return builder.start();
    }

    private int run(Path script, String... arguments) throws Exception {
        Process process = start(script, arguments);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private String out() throws IOException {
        return Files.readString(folder.resolve("out"));
    }

    @Test
    void theScriptFindsItsJarFromWhereverItIsCalled() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), SCRIPT);
        assertThat(run(link, "status", "hello", "--json")).isZero();
        assertThat(out()).isEqualTo(World.RUNTIME + "\n");
        assertThat(Files.readString(folder.resolve("err"))).as("nothing of loggers").isEmpty();
        Path extension = Files.createDirectories(folder.resolve("extension/bin"));
        Files.copy(SCRIPT, extension.resolve("agentctl"));
        assertThat(run(extension.resolve("agentctl"), "--version")).isEqualTo(1);
        Files.createDirectories(folder.resolve("extension/agent"));
        Files.copy(SCRIPT.resolveSibling("agentctl.jar"), folder.resolve("extension/agent/agentctl.jar"));
        assertThat(run(extension.resolve("agentctl"), "--version")).isZero();
        assertThat(out()).isEqualTo("agentctl 0.1.0\n");
    }

    @Test
    void aSignatureIsMadeByThePackagedJar() throws Exception {
        Files.writeString(folder.resolve("secret"), "s");
        ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString(), "login", "--server", server.endpoint().toString(), "--access-key", "AK", "--secret-file", "secret")
                .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile());
        builder.environment().put("AGENTCTL_HOME", folder.resolve("home").toString()); // Else the login is in the settings of whoever runs the test.
        builder.environment().keySet().removeAll(List.of("AGENTCTL_SERVER", "AGENTCTL_TOKEN"));
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(out()).isEqualTo("Logged in to " + server.endpoint() + "\n");
        assertThat(folder.resolve("home/credentials.json")).exists();
        assertThat(server.last().header().get("Authorization")).startsWith("AWS4-HMAC-SHA256 Credential=AK/");
    }

    @Test
    void ctrlCEndsAnInvocationAndSaysSo() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        server.on("POST /runtimes/hello/invocations", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            try {
                for (int i = 0; i < 600; i++) {
                    exchange.getResponseBody().write(("data: " + i + "\n\n").getBytes(StandardCharsets.UTF_8));
                    exchange.getResponseBody().flush();
                    await().pollDelay(100, TimeUnit.MILLISECONDS).until(() -> true);
                }
            } catch (IOException left) {
                over.countDown();
            }
        });
        Process process = start(SCRIPT, "invoke", "hello", "--stream");
        await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> assertThat(out()).contains("2\n"));
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor()).isZero();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED.code());
        assertThat(Files.readString(folder.resolve("err"))).contains("Cancelled: the agent's work on this is cut off.").doesNotContain("broke off");
        assertThat(over.await(30, TimeUnit.SECONDS)).as("the server sees that nobody listens any more").isTrue();
    }

    @Test
    void bashTakesTheScriptForCompletion() throws Exception {
        assertThat(run(SCRIPT, "completion")).isZero();
        assertThat(new ProcessBuilder("bash", "-n", folder.resolve("out").toString()).start().waitFor()).isZero();
    }
}

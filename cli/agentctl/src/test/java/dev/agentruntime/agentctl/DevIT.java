package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A new project on the Open Liberty of {@code -Dliberty.home}, by the packaged jar and the Maven of the PATH. The Agent SDK and the test kit come out of
 * Maven's local repository, so {@code mvn install -pl agent-sdk,cli/test-kit -am} comes before.
 */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class DevIT {

    private static final Path SCRIPT = Path.of("target/agentctl/agentctl").toAbsolutePath();

    @TempDir
    private Path folder;
    private int port;
    private Process process;

    @BeforeEach
    void start() throws IOException {
        new Ran.In(folder).run("create", "my-agent");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString(), "dev", "--port=" + port, "--liberty=" + System.getProperty("liberty.home"),
                "--features=restfulWS-3.1,websocket-2.1,cdi-4.0,concurrent-3.0,jsonb-3.0,mpConfig-3.1", "--", "-B"));
        Optional.ofNullable(System.getProperty("maven.repo.local")).ifPresent(repository -> command.add("-Dmaven.repo.local=" + repository));
        process = new ProcessBuilder(command).directory(folder.resolve("my-agent").toFile()).redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
        process.getOutputStream().flush(); // It stays open: liberty:dev ends where there is nothing more to read.
    }

    @AfterEach
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(90, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private String ask() throws InterruptedException {
        try {
            return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/invocations")).timeout(Duration.ofSeconds(20))
                    .header("Content-Type", "application/json").POST(BodyPublishers.ofString("{\"prompt\": \"Ada\"}")).build(), BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        }
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    @Test
    void aSavedSourceIsInTheNextAnswerAndTheEndLeavesNoServer() throws Exception {
        await().atMost(5, TimeUnit.MINUTES).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            assertThat(process.isAlive()).as(log()).isTrue();
            assertThat(ask()).as(log()).isEqualTo("{\"answer\":\"Hello, Ada!\"}");
        });
        Path agent = folder.resolve("my-agent/src/main/java/com/example/myagent/Agent.java");
        String changed = Files.readString(agent).replace("\"Hello, \"", "\"Good day, \"");
        // The server answers a moment before liberty:dev watches, which does not see what is saved in between.
        await().atMost(3, TimeUnit.MINUTES).ignoreExceptionsInstanceOf(ConditionTimeoutException.class).untilAsserted(() -> {
            Files.writeString(agent, changed);
            await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> assertThat(ask()).as(log()).isEqualTo("{\"answer\":\"Good day, Ada!\"}"));
        });
        stop();
        await().atMost(1, TimeUnit.MINUTES).untilAsserted(() -> assertThat(ask()).as("nobody listens").isEmpty());
    }
}

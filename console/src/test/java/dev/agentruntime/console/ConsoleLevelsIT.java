package dev.agentruntime.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console beside features of other levels of Jakarta EE and MicroProfile. A server for each, so with {@code -Dlong=true} only. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
@EnabledIfSystemProperty(named = "long", matches = "true")
class ConsoleLevelsIT {

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static int status(String path) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(ConsoleServer.ROOT + path)).timeout(Duration.ofSeconds(30)).build(), BodyHandlers.discarding()).statusCode();
    }

    @ParameterizedTest
    @ValueSource(strings = {"microProfile-6.0", "microProfile-7.0", "webProfile-10.0 microProfile-7.1", "jakartaee-10.0"})
    void aServerOfJakartaEe10HasIt(String features, @TempDir Path folder) throws Exception {
        try (ConsoleServer server = new ConsoleServer(folder, new Tokens(), List.of(features.split(" ")))) {
            await().atMost(Duration.ofMinutes(2)).ignoreExceptions().untilAsserted(() -> assertThat(status("/agents/console/login")).isEqualTo(200));
            assertThat(server.log()).contains("AGRT6502I").doesNotContain("CWWKF0033E").doesNotContain("CWWKE0702E");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"javaee-8.0", "jakartaee-9.1"})
    void aServerOfAnOlderLevelRunsOnWithoutIt(String features, @TempDir Path folder) throws Exception {
        try (ConsoleServer server = new ConsoleServer(folder, new Tokens(), List.of(features))) {
            await().atMost(Duration.ofMinutes(2)).ignoreExceptions().untilAsserted(() -> assertThat(server.log()).contains("CWWKF0011I"));
            assertThat(server.log()).doesNotContain("CWWKF0033E").doesNotContain("CWWKF0046W").doesNotContain("AGRT6502I");
            assertThat(status("/agents/console/login")).isEqualTo(404);
        }
    }
}

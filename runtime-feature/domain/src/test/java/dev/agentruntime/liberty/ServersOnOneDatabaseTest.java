package dev.agentruntime.liberty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import dev.agentruntime.spi.fake.FakeDriver;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers of one name and one directory, as two hosts have that were set up alike. */
final class ServersOnOneDatabaseTest {

    private static final Caller ALICE = new Caller(new Subject("https://idp", "alice"), false);
    private static final String OF_FIRST = "session-of-the-first-server-0123456789";
    private static final String OF_SECOND = "session-of-the-second-server-0123456789";

    @TempDir
    Path folder;

    @BeforeEach
    void setUp() throws IOException {
        try (OutputStream file = Files.newOutputStream(folder.resolve("hello.war")); ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("WEB-INF/content.txt"));
        }
    }

    @AfterEach
    void tearDown() {
        TestNames.clear();
    }

    @ParameterizedTest
    @MethodSource("dev.agentruntime.liberty.SharedDatabase#all")
    void twoServersOfOneNameLeaveEachOthersSessionsAlone(SharedDatabase database) throws Exception {
        TestNames.bind("jdbc/shared", database.open());
        try (TestServer first = server()) {
            begin(first.platform(), OF_FIRST);
            Files.delete(folder.resolve("server/agent-runtime/server-id"));
            try (TestServer second = server()) {
                begin(second.platform(), OF_SECOND);
                await().atMost(Duration.ofSeconds(10)).untilAsserted(() ->
                        assertThat(second.platform().sessions("hello", ALICE)).extracting(SessionView::sessionId)
                                .contains(OF_FIRST, OF_SECOND));
                assertThat(second.platform().session("hello", OF_FIRST, ALICE).status()).isNotEqualTo(SessionView.Status.TERMINATED);
            }
            assertThat(first.platform().session("hello", OF_FIRST, ALICE).status()).isNotEqualTo(SessionView.Status.TERMINATED);
            begin(first.platform(), OF_FIRST);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.agentruntime.liberty.SharedDatabase#all")
    void aServerThatStartsAgainClosesItsOwnSessions(SharedDatabase database) throws Exception {
        TestNames.bind("jdbc/shared", database.open());
        TestServer killed = server();
        begin(killed.platform(), OF_FIRST);
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() ->
                assertThat(killed.platform().sessions("hello", ALICE)).hasSize(1));
        try (TestServer again = server()) {
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() ->
                    assertThat(again.platform().session("hello", OF_FIRST, ALICE).status()).isEqualTo(SessionView.Status.TERMINATED));
        } finally {
            killed.close();
        }
    }

    private static void begin(Platform platform, String sessionId) throws Exception {
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() ->
                assertThat(platform.runtime("hello").status()).isEqualTo(AgentRuntimeView.Status.READY));
        platform.invoke(new InvocationRequest("hello", Optional.of(sessionId), ALICE)).toCompletableFuture()
                .get(10, TimeUnit.SECONDS).close(Invocation.Outcome.SUCCESS);
    }

    private TestServer server() {
        return new TestServer(settings -> new FakeDriver(), Map.of(
                "serverDirectory", folder.resolve("server").toString(), "serverName", "defaultServer",
                "dataSource", "jdbc/shared", "dropins", folder.resolve("none").toString(), "poolMax", 0,
                "agent.0.name", "hello", "agent.0.location", folder.resolve("hello.war").toString()));
    }
}

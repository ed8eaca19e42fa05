package dev.agentruntime.liberty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.Subject;
import dev.agentruntime.spi.fake.FakeDriver;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QuiesceTest {

    @TempDir
    Path folder;

    private final FakeDriver driver = new FakeDriver();

    @Test
    void sessionsEndWhenTheServerBeginsToStopAndNotWhenItHasWaitedForTheirRequests() throws Exception {
        try (TestServer server = server()) {
            await().until(() -> server.platform().runtime("hello").status() == AgentRuntimeView.Status.READY);
            Invocation hanging = server.platform().invoke(new InvocationRequest("hello", Optional.empty(),
                    new Caller(new Subject("https://idp", "alice"), false))).toCompletableFuture().get(10, TimeUnit.SECONDS);
            server.quiesceListeners.get(0).serverStopping();
            assertThat(driver.live()).isEmpty();
            assertThat(hanging.session().terminationReason()).hasValue("The server was stopped.");
        }
    }

    @Test
    void sessionsThatAreKeptAreLeftWhenTheServerBeginsToStop() throws Exception {
        Map<String, Object> kept = new HashMap<>(settings());
        kept.remove("onStop");
        try (TestServer server = new TestServer(settings -> driver, kept)) {
            await().until(() -> server.platform().runtime("hello").status() == AgentRuntimeView.Status.READY);
            Invocation hanging = server.platform().invoke(new InvocationRequest("hello", Optional.empty(),
                    new Caller(new Subject("https://idp", "alice"), false))).toCompletableFuture().get(10, TimeUnit.SECONDS);
            server.quiesceListeners.get(0).serverStopping();
            assertThat(driver.live()).isEmpty();
            assertThat(driver.left()).singleElement().satisfies(vm -> assertThat(vm.name()).isEqualTo(hanging.vm()));
        }
    }

    @Test
    void isNotToldOfAStopThatIsNoneOfItsOwn() throws Exception {
        TestServer server = server();
        assertThat(server.quiesceListeners).singleElement().satisfies(listener -> {
            assertThat(listener).isEqualTo(listener).isNotEqualTo(new Object()).hasSameHashCodeAs(listener);
            assertThat(listener.toString()).isNotBlank();
        });
        server.close();
        assertThat(server.quiesceListeners).isEmpty();
    }

    private TestServer server() throws IOException {
        return new TestServer(settings -> driver, settings());
    }

    private Map<String, Object> settings() throws IOException {
        try (OutputStream file = Files.newOutputStream(folder.resolve("hello.war")); ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("WEB-INF/content.txt"));
        }
        return Map.of("serverDirectory", folder.resolve("server").toString(), "serverName", "defaultServer",
                "dataSource", "jdbc/none", "dropins", folder.resolve("none").toString(), "poolMax", 0,
                "agent.0.name", "hello", "agent.0.location", folder.resolve("hello.war").toString(), "onStop", "end",
                "stopGrace", "300ms");
    }
}

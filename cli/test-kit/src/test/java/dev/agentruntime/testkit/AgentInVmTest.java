package dev.agentruntime.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.agentruntime.client.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** What it asks of a server; {@code arquillian-tests} has real ones. */
class AgentInVmTest {

    private static final String ID = "test_a-0123456789";
    private static final String VERSION = "{\"agentRuntimeId\":\"" + ID + "\",\"agentRuntimeVersion\":\"1\",\"status\":\"%s\",\"failureReason\":\"no entrypoint\"}";

    @TempDir
    private Path folder;
    private Path war;
    private final ScriptedServer server = new ScriptedServer();
    private final AtomicInteger looks = new AtomicInteger();

    @BeforeEach
    void aServer() throws IOException {
        war = Files.writeString(folder.resolve("a.war"), "PK");
        server.otherwise(this::answer);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String what = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath().replaceFirst("/agents", "");
        if (what.startsWith("PUT /artifacts/test_")) {
            ScriptedServer.send(exchange, 200, "{\"uri\":\"artifact:a.war@sha256:9f\"}");
        } else if (what.equals("PUT /runtimes/")) {
            ScriptedServer.send(exchange, 202, VERSION.formatted("CREATING"));
        } else if (what.equals("GET /runtimes/" + ID + "/")) {
            ScriptedServer.send(exchange, 200, VERSION.formatted(looks.incrementAndGet() < 2 ? "CREATING" : "READY"));
        } else if (what.equals("GET /runtimes/" + ID + "/runtime-endpoints/DEFAULT/")) {
            ScriptedServer.send(exchange, 200, "{\"name\":\"DEFAULT\",\"status\":\"READY\"}");
        } else if (what.equals("POST /runtimes/" + ID + "/invocations")) {
            ScriptedServer.send(exchange, 200, "data: 1\n\ndata: 2\n\n", "Content-Type", "text/event-stream");
        } else if (what.startsWith("DELETE ")) {
            ScriptedServer.send(exchange, 202, "{\"sessionId\":\"x\"}");
        } else {
            String session = server.asked().stream().filter(asked -> asked.header().containsKey("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"))
                    .map(asked -> asked.header().get("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id")).findFirst().orElse("none");
            ScriptedServer.send(exchange, 200, "{\"sessions\":[{\"sessionId\":\"" + session + "\"}]}");
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aWarIsDeployedCalledInOneSessionAndDeleted() throws Exception {
        AgentInVm agent = AgentInVm.of(war, Map.of("AGENTCTL_SERVER", server.endpoint() + "/", "AGENTCTL_TOKEN", "T"));
        agent.beforeAll(null);
        assertThat(agent.events("{}")).containsExactly("1", "2");
        assertThat(agent.invoke("{\"a\":1}")).startsWith("data: 1");
        String session = server.last().header().get("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id");
        assertThat(session).startsWith("test-").hasSizeGreaterThanOrEqualTo(33);
        agent.afterAll(null);
        assertThat(server.asked()).extracting(ScriptedServer.Asked::method, asked -> asked.target().replaceFirst("\\?.*", "")).contains(
                org.assertj.core.groups.Tuple.tuple("DELETE", "/runtimes/" + ID + "/sessions/" + session),
                org.assertj.core.groups.Tuple.tuple("DELETE", "/runtimes/" + ID + "/"));
        assertThat(server.asked()).allMatch(asked -> asked.header().get("Authorization").equals("Bearer T"));
    }

    @Test
    void aServerIsTrustedByTheCertificatesThatTheEnvironmentNames() throws Exception {
        try (ScriptedServer secure = ScriptedServer.secure(folder)) {
            secure.otherwise(this::answer);
            Map<String, String> named = Map.of("AGENTCTL_SERVER", secure.endpoint().toString(), "AGENTCTL_TRUST", folder.resolve("trusted.pem").toString());
            AgentInVm agent = AgentInVm.of(war, named);
            agent.beforeAll(null);
            assertThat(agent.events("{}")).containsExactly("1", "2");
            agent.afterAll(null);
            assertThat(secure.last().method()).isEqualTo("DELETE");
            assertThatThrownBy(() -> AgentInVm.of(war, Map.of("AGENTCTL_SERVER", secure.endpoint().toString())).beforeAll(null)).hasMessageContaining("TLS");
            assertThatThrownBy(() -> AgentInVm.of(war, Map.of("AGENTCTL_SERVER", secure.endpoint().toString(), "AGENTCTL_TRUST", "none")).beforeAll(null))
                    .hasMessageContaining("The certificates in none");
        }
    }

    @Test
    void withoutAServerItsTestsAreSkipped() {
        assertThatThrownBy(() -> AgentInVm.of(war, Map.of()).beforeAll(null)).isInstanceOf(TestAbortedException.class).hasMessageContaining("AGENTCTL_SERVER");
    }

    @Test
    void anAgentThatDoesNotStartFailsItsTests() {
        server.on("GET /runtimes/" + ID + "/", 200, VERSION.formatted("CREATE_FAILED"));
        AgentInVm agent = AgentInVm.of(war, Map.of("AGENTCTL_SERVER", server.endpoint().toString()));
        assertThatThrownBy(() -> agent.beforeAll(null)).hasMessage("The agent does not start: no entrypoint");
        agent.afterAll(null);
        assertThat(server.last().method()).isEqualTo("DELETE");
    }
}

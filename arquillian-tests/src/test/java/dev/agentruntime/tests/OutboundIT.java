package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.admin;
import static dev.agentruntime.tests.AgentClient.alice;
import static dev.agentruntime.tests.AgentClient.awaitReady;
import static dev.agentruntime.tests.AgentClient.bob;
import static dev.agentruntime.tests.AgentClient.json;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** An agent in a VM that reaches what server.xml gives it, and nothing else. The agent patient carries the filter Outward. */
@ArquillianTest
@RunAsClient
class OutboundIT {

    private static final Path SERVER = Path.of(System.getProperty("root"), "server-config/target/wlp/usr/servers/agents-under-test");
    /** Read after overrides.xml: Liberty reads them by their names, and the last one that names a variable counts. */
    private static final Path CHANGED = SERVER.resolve("configDropins/overrides/patient-changed.xml");

    private final String session = newSession();
    private Outside outside;

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @BeforeEach
    void ready() {
        // Not with the field: of a test that is skipped there is an instance too, and nobody closes what it has opened.
        outside = new Outside();
        awaitReady("patient");
    }

    @AfterEach
    void close() throws IOException {
        Files.deleteIfExists(CHANGED);
        outside.close();
        alice().delete("/agents/runtimes/patient/sessions/" + session);
    }

    private String order(String text) {
        HttpResponse<String> answer = alice().upload("patient", session, "text/x-outward", BodyPublishers.ofString(text));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private JsonObject connections() {
        return json(alice().get("/agents/runtimes/patient/sessions/" + session + "/connections"));
    }

    @Test
    void anAgentReachesNamesAndAllowedHostsAndEachConnectionIsInItsRecord() throws IOException {
        assertThat(order("get http://model.outbound/chat")).isEqualTo("200 outside answers /v1/chat");
        assertThat(outside.asked).containsExactly("/v1/chat Bearer key-of-the-host");
        assertThat(order("tcp echo.outbound 19281 hello")).isEqualTo("hello");
        assertThat(order("proxy http://localhost:19280/allowed")).isEqualTo("200 outside answers /allowed");
        assertThat(outside.asked).contains("/allowed null");
        assertThat(order("proxy http://localhost:19281/")).startsWith("403 ").contains("<allow host=\"localhost\" ports=\"19281\" addresses=\"127.0.0.1\"/>");
        assertThat(order("get http://elsewhere.example/")).startsWith("403 ").contains("<agent name=\"patient\">");

        JsonArray all = connections().getJsonArray("connections");
        assertThat(all).hasSize(5);
        JsonObject first = all.getJsonObject(0);
        assertThat(first.getString("way")).isEqualTo("outbound/model");
        assertThat(first.getInt("port")).isEqualTo(Outside.MODEL);
        assertThat(first.getInt("bytesIn")).isPositive();
        assertThat(connections().getJsonObject("ended")).hasToString("{\"ok\":3,\"denied\":2}");
        assertThat(connections().toString()).doesNotContain("key-of-the-host").doesNotContain("chat");
        assertThat(bob().get("/agents/runtimes/patient/sessions/" + session + "/connections").statusCode()).isEqualTo(403);
        assertThat(admin().get("/metrics?scope=application").body())
                .containsPattern("agent_outbound_connections_seconds_count\\{[^}]*outcome=\"denied\"[^}]*runtime=\"patient\"")
                .containsPattern("agent_outbound_bytes_total\\{[^}]*direction=\"in\"[^}]*runtime=\"patient\"");
        assertThat(log()).contains("AGRT4010W").contains("<allow host=\"elsewhere.example\" ports=\"80\"/>").doesNotContain("key-of-the-host");
    }

    /** {@code ./verify -Dlong}: the search takes a minute. */
    @Test
    @EnabledIfSystemProperty(named = "long", matches = "true")
    void noCredentialIsInTheMemoryOfTheVm() throws IOException {
        assertThat(order("get http://model.outbound/chat")).isEqualTo("200 outside answers /v1/chat");
        String vm = alice().session("patient", session).getString("vm");
        // A session that waits for the outside is not idle, however long the search takes.
        assertThat(order("later http://model.outbound/slow")).isEqualTo("begun");
        assertThat(VmMemory.of(vm).placesOf("outside answers /v1/chat")).as("that the search finds what was there").isNotEmpty();
        assertThat(VmMemory.of(vm).placesOf("key-of-the-host")).isEmpty();
    }

    @Test
    void aChangedUrlAndSecretCountAtOnceInTheSameVm() throws IOException {
        order("get http://model.outbound/chat");
        String vm = alice().session("patient", session).getString("vm");
        String digest = json(admin().get("/agents/runtimes/patient")).getString("digest");

        Files.writeString(CHANGED, "<server><variable name=\"model.key\" value=\"another-key\"/><variable name=\"model.path\" value=\"v2\"/></server>");

        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(500))
                .until(() -> order("get http://model.outbound/chat").equals("200 outside answers /v2/chat"));
        assertThat(outside.asked.get(outside.asked.size() - 1)).isEqualTo("/v2/chat Bearer another-key");
        assertThat(alice().session("patient", session).getString("vm")).isEqualTo(vm);
        JsonObject runtime = json(admin().get("/agents/runtimes/patient"));
        assertThat(runtime.getString("digest")).isEqualTo(digest);
        assertThat(runtime.getString("status")).isEqualTo("READY");
        assertThat(runtime).as("that nothing is prepared anew").doesNotContainKey("statusReason");
    }

    @Test
    void aSessionThatWaitsForTheOutsideIsBusyUntilTheAnswerIsThere() {
        // An emulated guest is slow on a way it has never gone, and would be paused before it has gone it.
        order("get http://model.outbound/chat");
        assertThat(order("later http://model.outbound/slow")).isEqualTo("begun");
        await().atMost(Duration.ofSeconds(20)).until(() -> outside.asked.size() == 2);
        await().atMost(Duration.ofSeconds(20)).until(() -> alice().session("patient", session).getString("status").equals("Active"));
        await().during(Duration.ofSeconds(6)).atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofSeconds(1))
                .until(() -> alice().session("patient", session).getString("status").equals("Active"));
        assertThat(connections().getJsonArray("connections").getJsonObject(1).getString("outcome")).isEqualTo("open");

        outside.slow.countDown();
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(500))
                .until(() -> alice().session("patient", session).getString("status").equals("Idle"));
    }

    private static String log() {
        try {
            return Files.readString(SERVER.resolve("logs/messages.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

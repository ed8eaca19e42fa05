package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.alice;
import static dev.agentruntime.tests.AgentClient.awaitReady;
import static dev.agentruntime.tests.AgentClient.json;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.awaitility.Awaitility;

/** A session is one VM, from its first call to its end. */
@ArquillianTest
@RunAsClient
class SessionIT {

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @BeforeEach
    void ready() {
        awaitReady("hello");
    }

    @Test
    void aSessionKeepsItsVmAndAnotherSessionGetsAnother() {
        String session = newSession();
        JsonObject first = json(alice().invoke("hello", session, "{\"prompt\": \"Ada\"}"));
        JsonObject second = json(alice().invoke("hello", session, "{\"prompt\": \"Ada\"}"));
        JsonObject other = json(alice().invoke("hello", newSession(), "{\"prompt\": \"Grace\"}"));

        assertThat(first.getInt("call")).isEqualTo(1);
        assertThat(second.getInt("call")).isEqualTo(2);
        assertThat(other.getInt("call")).isEqualTo(1);
        assertThat(second.getString("hostName")).isEqualTo(first.getString("hostName"));
        assertThat(other.getString("hostName")).isNotEqualTo(first.getString("hostName"));
        assertThat(other.getString("uuid")).isNotEqualTo(first.getString("uuid"));
        assertThat(Host.domains()).contains(
                alice().session("hello", session).getString("vm"), other.getString("hostName"));
    }

    @Test
    void withoutASessionIdOneIsMadeAndReturned() {
        HttpResponse<String> answer = alice().invoke("hello", "", "{\"prompt\": \"Ada\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue(AgentClient.SESSION).orElseThrow()).hasSizeGreaterThanOrEqualTo(33);
    }

    @Test
    void twentySessionsAtOnceAllAnswer() {
        List<CompletableFuture<HttpResponse<String>>> calls = IntStream.range(0, 20)
                .mapToObj(n -> alice().invokeAsync("hello", newSession(), "{\"prompt\": \"" + n + "\"}")).toList();
        List<HttpResponse<String>> answers = calls.stream().map(CompletableFuture::join).toList();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200));
        assertThat(answers.stream().map(answer -> json(answer).getString("hostName")).distinct()).hasSize(20);
        assertThat(answers.stream().map(answer -> json(answer).getString("uuid")).distinct()).hasSize(20);
        answers.forEach(answer -> alice().delete("/agents/runtimes/hello/sessions/"
                + answer.headers().firstValue(AgentClient.SESSION).orElseThrow()));
    }

    @Test
    void aDeletedSessionLeavesNothingBehind() {
        String session = newSession();
        alice().invoke("hello", session, "{\"prompt\": \"Ada\"}");
        String vm = alice().session("hello", session).getString("vm");
        assertThat(Host.tracesOf(vm)).isNotEmpty();

        HttpResponse<String> deleted = alice().delete("/agents/runtimes/hello/sessions/" + session);

        assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(200);
        Awaitility.await().atMost(Duration.ofSeconds(2)).untilAsserted(() -> assertThat(Host.tracesOf(vm)).isEmpty());
        assertThat(json(deleted).getString("status")).isEqualTo("Terminated");
    }

    @Test
    void aKilledVmEndsItsSessionAndItsCpuIsKept() {
        awaitReady("burner");
        String session = newSession();
        alice().invoke("burner", session, "{\"seconds\": 2, \"mode\": \"burn\"}");
        JsonObject before = alice().session("burner", session);

        Host.killQemuOf(before.getString("vm"));

        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() ->
                assertThat(alice().session("burner", session).getString("status")).isEqualTo("Terminated"));
        JsonObject after = alice().session("burner", session);
        assertThat(after.getString("terminationReason")).isNotBlank();
        assertThat(cpu(before)).as("what a starved guest got of its 2 s").isPositive();
        assertThat(cpu(after)).isGreaterThanOrEqualTo(cpu(before));
    }

    private static double cpu(JsonObject session) {
        return session.getJsonObject("usage").getJsonNumber("cpuSeconds").doubleValue();
    }
}

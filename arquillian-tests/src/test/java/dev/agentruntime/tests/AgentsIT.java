package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.admin;
import static dev.agentruntime.tests.AgentClient.alice;
import static dev.agentruntime.tests.AgentClient.awaitReady;
import static dev.agentruntime.tests.AgentClient.json;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.awaitility.Awaitility;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** What agents can do: stream, work in the background, burn CPU, be ordinary Jakarta EE, be broken. */
@ArquillianTest
@RunAsClient
class AgentsIT {

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @Test
    void eventsArriveAtThePaceTheyAreMade() throws IOException {
        awaitReady("streamer");
        String session = newSession();
        // An emulated guest is slow on a way it has never gone, so the first stream shows the emulator and not the relay.
        alice().invoke("streamer", session, "{\"events\": 2, \"intervalMillis\": 100}");
        HttpResponse<InputStream> answer =
                alice().stream("streamer", session, "{\"events\": 5, \"intervalMillis\": 500}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");

        List<Long> arrivals = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> line.startsWith("data:")).forEach(line -> arrivals.add(System.nanoTime()));
        }

        assertThat(arrivals).hasSize(5);
        for (int n = 1; n < arrivals.size(); n++) {
            assertThat(Duration.ofNanos(arrivals.get(n) - arrivals.get(n - 1)).toMillis())
                    .as("pause before event %d", n + 1).isBetween(200L, 1500L);
        }
    }

    @Test
    void aBusySessionOutlivesItsIdleTimeoutAndAnIdleOneDoesNot() {
        awaitReady("patient");
        awaitReady("brief");
        String busy = newSession();
        String idle = newSession();
        assertThat(alice().invoke("patient", busy, "{\"seconds\": 60}").statusCode()).isEqualTo(200);
        long begun = System.nanoTime();
        alice().invoke("brief", idle, "{\"prompt\": \"Ada\"}");

        Awaitility.await().atMost(Duration.ofSeconds(35)).pollInterval(Duration.ofSeconds(1))
                .until(() -> ended(alice().session("brief", idle)));
        assertThat(alice().session("brief", idle).getString("terminationReason")).containsIgnoringCase("idle");

        Awaitility.await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofSeconds(1))
                .until(() -> ended(alice().session("patient", busy)));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(Duration.ofSeconds(75), Duration.ofSeconds(110));
        assertThat(alice().session("patient", busy).getString("terminationReason")).containsIgnoringCase("idle");
    }

    @Test
    void burningIsChargedAndSleepingHardly() {
        awaitReady("burner");
        String session = newSession();
        alice().invoke("burner", session, "{\"seconds\": 5, \"mode\": \"sleep\"}");
        double slept = cpu(session);

        String vm = alice().session("burner", session).getString("vm");
        double hostBefore = Host.cpuSecondsOf(vm);
        long asked = System.nanoTime();
        alice().invoke("burner", session, "{\"seconds\": 2, \"mode\": \"burn\"}");
        double waited = (System.nanoTime() - asked) / 1e9;
        double burned = cpu(session) - slept;
        double hostBurned = Host.cpuSecondsOf(vm) - hostBefore;

        // What the kernel counts for the process is the truth; the 2 s are the guest's, and a busy host lets it wait far longer. It has one processor.
        assertThat(burned).isCloseTo(hostBurned, Percentage.withPercentage(10)).isLessThan(waited * 1.15).isGreaterThan(slept / 5 * 2);
        assertThat(slept).isLessThan(0.5);
        assertThat(admin().get("/metrics").body()).contains("agent_cpu_seconds");
    }

    @Test
    void anOrdinaryApplicationIsAnAgentUnchanged() {
        awaitReady("library");
        HttpResponse<String> answer = alice().invoke("library", newSession(), "{\"title\": \"Emma\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void anAgentThatDoesNotStartSaysWhy() {
        Awaitility.await().atMost(Duration.ofMinutes(12)).pollInterval(Duration.ofSeconds(1))
                .until(() -> json(admin().get("/agents/runtimes/broken")).getString("status").equals("CREATE_FAILED"));
        JsonObject broken = json(admin().get("/agents/runtimes/broken"));

        assertThat(broken.getString("statusReason")).isNotBlank();
        assertThat(broken.getJsonArray("log").toString()).contains("the cellar is flooded");
        HttpResponse<String> answer = alice().invoke("broken", newSession(), "{}");
        assertThat(answer.statusCode()).isEqualTo(424);
    }

    private static boolean ended(JsonObject session) {
        return session.getString("status").equals("Terminated");
    }

    private static double cpu(String session) {
        return alice().session("burner", session).getJsonObject("usage").getJsonNumber("cpuSeconds").doubleValue();
    }
}

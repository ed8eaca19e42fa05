package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.alice;
import static dev.agentruntime.tests.AgentClient.awaitReady;
import static dev.agentruntime.tests.AgentClient.json;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A job of many minutes in a session, which its caller leaves and comes back to: {@code ./verify -Dlong}. */
@ArquillianTest
@RunAsClient
@EnabledIfSystemProperty(named = "long", matches = "true")
class LongWorkIT {

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @Test
    void aJobIsFollowedLeftAloneAndCancelledAndKeepsItsSessionBusyUntilThen() throws IOException {
        awaitReady("worker");
        String session = newSession();
        assertThat(alice().invoke("worker", session, "{\"seconds\": 600}").body()).contains("running");

        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                alice().stream("worker", session, "{\"follow\": true}").body(), StandardCharsets.UTF_8))) {
            assertThat(lines.lines().filter(line -> line.startsWith("data:")).limit(3)).allMatch(line -> line.contains("running"));
        }
        // The caller has left the stream and nobody asks for anything: the job goes on, and what the platform sees keeps the session Active.
        Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofSeconds(1)).during(Duration.ofSeconds(90)).atMost(Duration.ofSeconds(120))
                .until(() -> alice().session("worker", session).getString("status"), "Active"::equals);
        assertThat(json(alice().invoke("worker", session, "{\"status\": true}")).getInt("secondsDone")).isGreaterThan(60);

        assertThat(alice().invoke("worker", session, "{\"cancel\": true}").body()).contains("cancelled");
        assertThat(alice().invoke("worker", session, "{\"follow\": true}").body()).containsOnlyOnce("data:").contains("cancelled");
        Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofSeconds(1))
                .until(() -> alice().session("worker", session).getString("status"), "Idle"::equals);
    }
}

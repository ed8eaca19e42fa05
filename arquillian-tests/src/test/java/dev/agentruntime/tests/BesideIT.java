package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.awaitReady;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** The feature beside an ordinary application, and what operations see. */
@ArquillianTest
@RunAsClient
class BesideIT {

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @Test
    void anOrdinaryApplicationRunsAsBefore() {
        HttpResponse<String> answer = new AgentClient("").get("/neighbour/hello");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("an ordinary application");
    }

    @Test
    void healthNamesTheHypervisorAndTheAgents() {
        awaitReady("hello");
        Awaitility.await().atMost(Duration.ofMinutes(12)).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            HttpResponse<String> ready = new AgentClient("").get("/health/ready");
            assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
            assertThat(ready.body()).contains("\"agent.hello\":\"READY\"").contains("hypervisor");
        });
        assertThat(new AgentClient("").get("/health/live").statusCode()).isEqualTo(200);
        assertThat(new AgentClient("").get("/health/started").statusCode()).isEqualTo(200);
    }
}

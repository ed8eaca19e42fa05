package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.alice;
import static dev.agentruntime.tests.AgentClient.awaitReady;
import static dev.agentruntime.tests.AgentClient.json;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** libvirtd is killed, or does not answer, and comes back. Only where the tests' own set-up has started it. */
@ArquillianTest
@RunAsClient
class HypervisorIT {

    private static final int SESSIONS = 10;

    private final List<String> sessions = Stream.generate(AgentClient::newSession).limit(SESSIONS).toList();

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @BeforeEach
    void sessionsAtRest() {
        assumeTrue(Host.libvirtdIsOurs(), "a service manager looks after libvirtd");
        awaitReady("hello");
        sessions.forEach(session -> assertThat(call(session)).isEqualTo(1));
        List<String> vms = sessions.stream().map(session -> alice().session("hello", session).getString("vm")).toList();
        await().atMost(Duration.ofSeconds(40)).until(() -> Host.arePaused(vms));
    }

    @AfterEach
    void end() {
        Host.letLibvirtdGoOn();
        Host.startLibvirtd();
        sessions.forEach(session -> alice().delete("/agents/runtimes/hello/sessions/" + session));
    }

    @Test
    void sessionsAtRestGoOnWhileLibvirtdIsGoneAndAfterwards() {
        Host.killLibvirtd();
        sessions.subList(0, SESSIONS / 2).forEach(session -> assertThat(call(session)).as("without libvirtd").isEqualTo(2));
        Host.startLibvirtd();

        sessions.forEach(session -> assertThat(call(session)).isGreaterThanOrEqualTo(2));
        // A VM that was being created as libvirtd died holds its successor up for some seconds: callers wait for it.
        assertThat(alice().invoke("hello", newSession(), "{}").statusCode()).as("a new session").isEqualTo(200);
    }

    @Test
    void sessionsAtRestGoOnWhileLibvirtdDoesNotAnswer() {
        Host.stopLibvirtd();
        sessions.forEach(session -> assertThat(call(session)).isEqualTo(2));
        assertThat(alice().get("/health/live").statusCode()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(alice().get("/health/ready").statusCode()).isEqualTo(503));

        Host.letLibvirtdGoOn();
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(alice().get("/health/ready").statusCode()).isEqualTo(200));
        sessions.forEach(session -> assertThat(call(session)).isEqualTo(3));
    }

    private static int call(String session) {
        HttpResponse<String> answer = alice().invoke("hello", session, "{\"prompt\": \"Ada\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).getInt("call");
    }
}

package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.awaitReady;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.tests.Agentctl.Run;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The guide's commands from an empty folder to an answer from a VM, and agentctl's at work in VMs. Takes minutes: {@code ./verify -Dlong}. */
@ArquillianTest
@RunAsClient
@EnabledIfSystemProperty(named = "long", matches = "true")
class ToolkitIT {

    private static final String ADA = "{\"prompt\": \"Ada\"}";

    @TempDir
    private Path folder;

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @Test
    void aNewProjectAnswersFromAVmAndItsNextVersionIsFollowedInTheLog() throws IOException {
        awaitReady("hello"); // quickstart has waited for it too; the base template is there then
        new Agentctl(folder).say("create", "my-agent");
        Path project = folder.resolve("my-agent");
        Agentctl agentctl = new Agentctl(project);
        agentctl.maven("package");
        try {
            long begun = System.nanoTime();
            agentctl.say("deploy", "target/my-agent.war", "--wait");
            long deployed = System.nanoTime();
            assertThat(agentctl.say("invoke", "my-agent", ADA)).isEqualTo("{\"answer\":\"Hello, Ada!\"}\n");
            Duration all = Duration.ofNanos(System.nanoTime() - begun);
            System.out.println("toolkit: from deploy to the answer " + all.toMillis() + " ms, of which deploy " + Duration.ofNanos(deployed - begun).toMillis() + " ms");
            assertThat(all).isLessThan(Duration.ofSeconds(30));

            agentctl.maven("verify");
            assertThat(Files.readString(project.resolve("target/failsafe-reports/failsafe-summary.xml"))).as("AgentIT, in a VM")
                    .contains("<completed>2</completed>", "<errors>0</errors>", "<failures>0</failures>", "<skipped>0</skipped>");

            Path agent = project.resolve("src/main/java/com/example/myagent/Agent.java");
            Files.writeString(agent, Files.readString(agent).replace("String answer = ", "System.out.println(\"greets \" + prompt.prompt());\n        String answer = "));
            agentctl.maven("package", "-DskipTests");
            agentctl.say("deploy", "target/my-agent.war", "--wait");
            followed(agentctl, newSession());
        } finally {
            assertThat(agentctl.say("destroy", "my-agent", "--yes")).isEqualTo("my_agent is deleted\n");
        }
    }

    private static void followed(Agentctl agentctl, String session) {
        agentctl.say("invoke", "my-agent", ADA, "--session", session);
        Run log = agentctl.start("logs", "my-agent", "--session", session, "-f");
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(log.out()).contains("greets Ada"));
        agentctl.say("invoke", "my-agent", "{\"prompt\": \"Grace\"}", "--session", session);
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(log.out()).contains("greets Grace"));
        agentctl.say("sessions", "stop", "my-agent", session);
        assertThat(log.code()).isZero();
        assertThat(log.err()).contains("The session has ended.");
    }

    @Test
    void eventsAreShownAsTheyComeAndCtrlCEndsTheWork() {
        awaitReady("streamer");
        Agentctl agentctl = new Agentctl(folder);
        String session = newSession();
        Run stream = agentctl.start("invoke", "streamer", "{\"events\": 600, \"intervalMillis\": 200}", "--stream", "--session", session);
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(stream.out().lines().count()).isGreaterThan(3));
        assertThat(stream.process().isAlive()).isTrue();
        stream.interrupt();
        assertThat(stream.code()).isEqualTo(130);
        assertThat(stream.err()).contains("Cancelled: the agent's work on this is cut off.");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(shown(agentctl, "streamer", session).getString("status")).isEqualTo("Idle"));
        agentctl.say("sessions", "stop", "streamer", session);
    }

    @Test
    void aSessionIsListedWorkedInForkedWokenAndStopped() {
        awaitReady("hello");
        Agentctl agentctl = new Agentctl(folder);
        String session = newSession();
        agentctl.say("invoke", "hello", ADA, "--session", session);
        String listed = agentctl.say("sessions", "list", "hello").lines().filter(line -> line.contains(session)).findFirst().orElseThrow();
        assertThat(listed).containsPattern("(Active|Idle) .* [0-9.]+ MiB ").containsPattern("unless it is called|after its last work");
        JsonObject shown = shown(agentctl, "hello", session);
        assertThat(shown.getJsonObject("usage").getJsonNumber("cpuSeconds").doubleValue()).isPositive();

        Run shell = agentctl.type("echo my name is $(hostname)\nexit 3\n", "sessions", "shell", "hello", session);
        assertThat(shell.code()).as(shell.out() + shell.err()).isEqualTo(3);
        assertThat(shell.out()).containsPattern("my name is \\w");
        Run mistyped = agentctl.start("sessions", "exec", "hello", session + "x", "ls");
        assertThat(mistyped.code()).as(mistyped.err()).isEqualTo(5);
        assertThat(agentctl.say("sessions", "list", "hello")).doesNotContain(session + "x");

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(shown(agentctl, "hello", session).getString("status")).isEqualTo("Idle"));
        String fork = agentctl.say("sessions", "fork", "hello", session).replaceFirst(" .*\n", "");
        assertThat(agentctl.say("invoke", "hello", ADA, "--session", fork)).as("it has counted the call that was before it").contains("\"call\":2,");
        assertThat(agentctl.say("sessions", "resume", "hello", session)).startsWith(session + " is awake");

        String vm = shown(agentctl, "hello", session).getString("vm");
        assertThat(Host.domains()).contains(vm);
        assertThat(agentctl.say("sessions", "stop", "hello", session, fork)).contains("Its VM " + vm + " is gone");
        assertThat(Host.domains()).doesNotContain(vm);
        assertThat(Host.tracesOf(vm)).isEqualTo(List.of());
    }

    private static JsonObject shown(Agentctl agentctl, String agent, String session) {
        try (JsonReader reader = Json.createReader(new StringReader(agentctl.say("sessions", "show", agent, session, "--json")))) {
            return reader.readObject();
        }
    }
}

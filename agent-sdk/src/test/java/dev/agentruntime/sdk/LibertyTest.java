package dev.agentruntime.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.testagents.BeanAgent;
import dev.agentruntime.testagents.EarlyAgent;
import dev.agentruntime.testagents.EchoAgent;
import dev.agentruntime.testagents.FailingAgent;
import dev.agentruntime.testagents.Greeter;
import dev.agentruntime.testagents.InjectedAgent;
import dev.agentruntime.testagents.LateAgent;
import dev.agentruntime.testagents.MisshapenAgent;
import dev.agentruntime.testagents.OrphanAgent;
import dev.agentruntime.testagents.PapersAgent;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The SDK on a real Open Liberty: {@code mvn test -Dwlp.home=/opt/ol/wlp -Dtest=LibertyTest}. */
@EnabledIfSystemProperty(named = "wlp.home", matches = ".+")
class LibertyTest extends ServedAgentContract {

    @TempDir
    static Path folder;

    private static int port;

    @BeforeAll
    static void start() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path server = folder.resolve("servers/sdk");
        Path apps = Files.createDirectories(server.resolve("apps"));
        Wars.of(apps, "probe", JettyTest.probeClasses());
        Wars.of(apps, "echo", EchoAgent.class);
        Wars.of(apps, "papers", PapersAgent.class, PapersAgent.Papers.class);
        Wars.of(apps, "bean", BeanAgent.class, Greeter.class);
        Wars.of(apps, "injected", InjectedAgent.class, Greeter.class);
        Wars.of(apps, "none", Greeter.class);
        Wars.of(apps, "early", EarlyAgent.class, EarlyAgent.Shelf.class, EarlyAgent.Boards.class, EarlyAgent.Lamp.class);
        Wars.of(apps, "late", LateAgent.class);
        Wars.of(apps, "failing", FailingAgent.class);
        Wars.of(apps, "orphan", OrphanAgent.class);
        Wars.of(apps, "two", EchoAgent.class, MisshapenAgent.class);
        Wars.of(apps, "misshapen", MisshapenAgent.class);
        Files.writeString(server.resolve("server.xml"), """
                <server>
                  <featureManager>
                    <feature>servlet-6.0</feature><feature>jsonb-3.0</feature><feature>cdi-4.0</feature>
                  </featureManager>
                  <httpEndpoint id="defaultHttpEndpoint" httpPort="%d" httpsPort="-1"/>
                  <webApplication location="probe.war" contextRoot="/"/>
                  <webApplication location="echo.war"/>
                  <webApplication location="papers.war"/>
                  <webApplication location="bean.war"/>
                  <webApplication location="injected.war"/>
                  <webApplication location="none.war"/>
                  <webApplication location="early.war"/>
                  <webApplication location="late.war"/>
                  <webApplication location="failing.war"/>
                  <webApplication location="orphan.war"/>
                  <webApplication location="two.war"/>
                  <webApplication location="misshapen.war"/>
                </server>
                """.formatted(port));
        assertThat(command("start")).as("server start, see %s", folder).isZero();
    }

    @AfterAll
    static void stop() throws Exception {
        command("stop");
    }

    @Override
    URI probe() {
        return URI.create("http://localhost:" + port + "/");
    }

    @Override
    URI echo() {
        return probe().resolve("echo/");
    }

    @Test
    void bytesThatComeLateAndBreakOffDoNotLookWhole() {
        assertBreaksOff("stage of torn bytes");
    }

    @Test
    void aBeanIsUsedAsTheBeanItIs() throws Exception {
        assertThat(invoke("bean")).contains("Hello from").endsWith("call 1 of this bean\"");
        assertThat(invoke("bean")).endsWith("call 1 of this bean\"");
    }

    @Test
    void aClassThatIsNoBeanIsInjectedAndUsedForAllCalls() throws Exception {
        assertThat(invoke("injected")).contains("Hello from").endsWith("call 101 of this object\"");
        assertThat(invoke("injected")).endsWith("call 102 of this object\"");
    }

    /** What the platform shows of a guest. */
    private static String console() throws IOException {
        return Files.readString(folder.resolve("servers/sdk/logs/console.log"));
    }

    @Test
    void theBeansOfAnEntrypointAreMadeWithTheApplicationAndOnce() throws Exception {
        assertThat(console()).containsSubsequence("the boards are made", "the shelf is made", "the agent is made")
                .doesNotContain("the lamp is made");
        assertThat(invoke("early")).isEqualTo("\"shelf of boards and lamp\"");
        assertThat(console().split("the agent is made", -1)).hasSize(2);
        assertThat(console().split("the shelf is made", -1)).hasSize(2);
    }

    @Test
    void anEntrypointThatAsksForItIsMadeAtItsFirstCall() throws Exception {
        assertThat(console()).doesNotContain("the late agent is made");
        assertThat(invoke("late")).isEqualTo("\"late\"");
        assertThat(console()).contains("the late agent is made");
    }

    @Test
    void aBeanThatCannotBeMadeKeepsItsAgentFromStartingWithTheReason() throws Exception {
        assertThat(console()).contains("FailingAgent.invoke() cannot start: no shelf to index");
    }

    @Test
    void anEntrypointWhoseClassCannotBeLoadedIsNotToldToBeMissing() throws Exception {
        assertThat(console()).contains("dev.agentruntime.testagents.OrphanAgent has a method with @AgentEntrypoint, but the class cannot be loaded:"
                + " java.lang.NoClassDefFoundError: dev/agentruntime/testagents/Greeter");
    }

    @Test
    void aWarThatCannotBeAnAgentSaysWhyInTheLog() throws Exception {
        assertThat(console())
                .contains("no method with @AgentEntrypoint", "application none was not started")
                .contains("2 methods with @AgentEntrypoint", "application two was not started")
                .contains("MisshapenAgent.invoke(AgentContext, String) cannot be", "application misshapen was not started");
    }

    private String invoke(String app) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(probe().resolve(app + "/invocations"))
                .POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString()).body();
    }

    private static int command(String verb) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("wlp.home"), "bin", "server").toString(), verb, "sdk"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(new File(folder.toFile(), verb + ".log"));
        builder.environment().put("WLP_USER_DIR", folder.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroy();
            throw new IllegalStateException("server " + verb + " did not end within 120 s");
        }
        return process.exitValue();
    }
}

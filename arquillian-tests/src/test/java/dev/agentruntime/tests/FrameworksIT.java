package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.admin;
import static dev.agentruntime.tests.AgentClient.alice;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.examples.support.Heard;
import dev.agentruntime.examples.support.ScriptedModel;
import dev.agentruntime.examples.support.ScriptedTools;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents of several frameworks in VMs, which reach a model and tools on the host. {@code ./verify -Dlong}. */
@ArquillianTest
@RunAsClient
@EnabledIfSystemProperty(named = "long", matches = "true")
class FrameworksIT {

    private static final String KEY = "key-that-only-the-host-knows";
    private static final Duration BETWEEN_TOKENS = Duration.ofMillis(300);

    @TempDir
    static Path folder;

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @Test
    void theJdksClientReachesAModelAndTheHostAddsTheKey() {
        try (ScriptedModel model = ScriptedModel.start(BETWEEN_TOKENS);
             ExampleAgent agent = ExampleAgent.added("http", "", outbound(model))) {
            String session = newSession();

            assertThat(agent.answer(session, "{\"prompt\": \"Good day\"}")).contains("You said: Good day");

            assertTheHostAddsTheKey(model);
            agent.tellFigures(session);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"langchain4j", "spring-ai"})
    void aModelCallsAToolAndStreamsItsTokensAndItsKeyIsNowhereInTheGuest(String example) throws IOException {
        try (ScriptedModel model = ScriptedModel.start(BETWEEN_TOKENS);
             ExampleAgent agent = ExampleAgent.added(example, "", outbound(model))) {
            String session = newSession();

            assertThat(agent.answer(session, "{\"prompt\": \"What is left of the paper?\"}")).contains("It says: 40");
            assertThat(model.heard()).as("a question and a tool's result").hasSize(2);
            agent.tellFigures(session);
            streamed(agent, session); // The first stream may load classes until all tokens are there.
            assertThat(streamed(agent, session)).as("when each token of the answer came").hasSizeGreaterThanOrEqualTo(3)
                    .satisfies(times -> assertThat(times.get(times.size() - 1) - times.get(0)).as("ms from the first to the last")
                            .isGreaterThan(BETWEEN_TOKENS.toMillis()));

            assertTheHostAddsTheKey(model);
            assertThat(agent.connections(session)).contains("outbound/openai").contains("127.0.0.1").contains(Integer.toString(model.port()))
                    .doesNotContain(KEY);
            assertTheKeyIsNotInTheMemoryOf(agent.vm(session), session, example);
        }
    }

    @Test
    void aModelThatIsNotOnTheAllowListIsRefusedInWordsAndTheRefusalIsCountedAndLogged() {
        Path war = otherwiseConfigured("langchain4j", "openai.base-url=http://models.corp.example:8080/v1");
        try (ExampleAgent agent = ExampleAgent.added("elsewhere", war, "", "<allow host=\"models.corp.example\"/>")) {
            String session = newSession();

            HttpResponse<String> answer = alice().invoke("elsewhere", session, "{\"prompt\": \"What is left of the paper?\"}");

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(424);
            assertThat(answer.body()).contains("may not reach models.corp.example:8080").contains("ports=");
            assertThat(agent.connections(session)).contains("models.corp.example").contains("denied");
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(admin().get("/metrics").body().lines())
                    .anyMatch(line -> line.startsWith("agent_outbound_connections_seconds_count") && line.contains("runtime=\"elsewhere\"")
                            && line.contains("outcome=\"denied\"") && !line.endsWith(" 0") && !line.endsWith(" 0.0")));
            assertThat(Host.serverLog()).anyMatch(line -> line.contains("AGRT4010W") && line.contains(session)
                    && line.contains("models.corp.example:8080"));
        }
    }

    @Test
    void anOutboundThatIsTakenAwayIsRefusedAndOneThatComesBackIsUsedInTheSameSession() {
        try (ScriptedModel model = ScriptedModel.start(BETWEEN_TOKENS);
             ExampleAgent agent = ExampleAgent.added("http", "", outbound(model))) {
            String session = newSession();
            assertThat(agent.answer(session, "{\"prompt\": \"one\"}")).contains("You said: one");

            agent.configure("");
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                    alice().invoke("http", session, "{\"prompt\": \"two\"}").body()).contains("has no <outbound name="));

            agent.configure(outbound(model));
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                    alice().invoke("http", session, "{\"prompt\": \"three\"}").body()).contains("You said: three"));
        }
    }

    @Test
    void theToolsOfAnMcpServerAreUsed() {
        try (ScriptedTools tools = ScriptedTools.start();
             ExampleAgent agent = ExampleAgent.added("mcp-client", "",
                     "<outbound name=\"tools\" url=\"http://127.0.0.1:" + tools.port() + "\" header=\"Authorization\" value=\"Bearer " + KEY + "\"/>")) {
            String session = newSession();

            assertThat(agent.answer(session, "{}")).contains("[\"stock\"]");
            assertThat(agent.answer(session, "{\"tool\": \"stock\", \"arguments\": {\"item\": \"paper\"}}")).contains("7 of paper are left");

            assertThat(tools.heard()).extracting(Heard::authorization).allSatisfy(header -> assertThat(header).contains("Bearer " + KEY));
            agent.tellFigures(session);
        }
    }

    /** Milliseconds from the question to each token. */
    private static List<Long> streamed(ExampleAgent agent, String session) throws IOException {
        List<Long> times = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        long begun = System.nanoTime();
        HttpResponse<InputStream> stream = alice().stream(agent.name(), session, "{\"prompt\": \"What is left of the ink?\", \"stream\": true}");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> line.startsWith("data:")).forEach(line -> {
                times.add((System.nanoTime() - begun) / 1_000_000);
                text.append(line);
            });
        }
        assertThat(text.toString()).containsSubsequence("It", "says", "3");
        System.out.println(agent.name() + ": tokens after ms " + times);
        return times;
    }

    private static void assertTheKeyIsNotInTheMemoryOf(String vm, String session, String example) throws IOException {
        VmMemory memory = VmMemory.of(vm);
        assertThat(memory.placesOf(session)).as("the session's id, which the guest knows: the search finds what is there").isNotEmpty();
        assertThat(memory.templateFiles()).as("files that the guest's memory is a mapping of").isNotEmpty();
        assertThat(memory.placesOf("dev/agentruntime/examples/" + example.replace("-", ""))).as("the agent's classes, in the template too")
                .containsAll(memory.templateFiles());
        assertThat(memory.placesOf(KEY)).as("the key").isEmpty();
    }

    /** The same WAR with another {@code microprofile-config.properties}. */
    private static Path otherwiseConfigured(String example, String properties) {
        File war = folder.resolve(example + ".war").toFile();
        ShrinkWrap.createFromZipFile(WebArchive.class, ExampleAgent.war(example).toFile())
                .addAsResource(new StringAsset(properties), "META-INF/microprofile-config.properties")
                .as(ZipExporter.class).exportTo(war, true);
        return war.toPath();
    }

    private static String outbound(ScriptedModel model) {
        return "<outbound name=\"openai\" url=\"http://127.0.0.1:" + model.port() + "\" header=\"Authorization\" value=\"Bearer " + KEY + "\"/>";
    }

    private static void assertTheHostAddsTheKey(ScriptedModel model) {
        assertThat(model.heard()).isNotEmpty().extracting(Heard::authorization).allSatisfy(header -> assertThat(header).contains("Bearer " + KEY));
    }
}

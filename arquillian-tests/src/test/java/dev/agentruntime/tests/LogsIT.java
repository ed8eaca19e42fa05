package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.admin;
import static dev.agentruntime.tests.AgentClient.alice;
import static dev.agentruntime.tests.AgentClient.bob;
import static dev.agentruntime.tests.AgentClient.json;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.tests.chatty.Chatty;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What agents print in real VMs, and what they are given as environment. */
@ArquillianTest
@RunAsClient
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogsIT {

    private static final Path SERVER = Path.of(System.getProperty("root"), "server-config/target/wlp/usr/servers/agents-under-test");
    private static final Path LOGS = SERVER.resolve("agent-runtime/logs");

    /** As {@code securityUtility encode} with {@code --key=agents-under-test} gives them. */
    private static final String XOR = "{xor}JzAtcigtNisrOjFyLDo8LTor";
    private static final String AES_128 = "{aes}AMS7W5yMd2kIlHogOywSwW/AteAMu2GGnRd588VTDhuvMiSmyTHMM0uKXztVcs4KL8yeADdGCwi12dfCw1Lx4ydq/61fBlwfGPlfWc8R5y0OTgd5bNf7MNVJmhc7ymVGpw==";
    private static final String AES_256 = "{aes}ARD8QragZT1ssY+9aR2Ugbr+caJprQEW7w03itexePL8T5pHV8A4joNfwrHkkeM8rIWnwbiOLGmxo3+iyQXvDdesncMOS9RKcAGamn3MXrz6UCZ49+l/fB/mK0SMXfn5XPFgxnyr3+wFG9HMDyy02K3OQiDYsYi4";
    /** Part of what each of the secrets is in the clear. */
    private static final String IN_EACH_SECRET = "-written-secret";
    private static final String CLASS_IN_THE_GUEST = "dev/agentruntime/tests/chatty/Chatty";

    /** The default of {@code maxSessionSize}. */
    private static final long MOST_OF_A_SESSION = 8L << 20;

    @TempDir
    static Path folder;

    private ExampleAgent agent;
    private String session;

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @BeforeAll
    void add() {
        Path war = folder.resolve("chatty.war");
        ShrinkWrap.create(WebArchive.class, "chatty.war").addClass(Chatty.class).as(ZipExporter.class).exportTo(war.toFile());
        agent = ExampleAgent.added("chatty", war, "", """
                <env name="CHATTY_MODEL" value="a-model" secret="false"/>
                <env name="CHATTY_KEY" value="clear-written-secret"/>
                <env name="CHATTY_XOR" value="%s"/>
                <env name="CHATTY_AES_128" value="%s"/>
                <env name="CHATTY_AES_256" value="%s"/>
                """.formatted(XOR, AES_128, AES_256));
    }

    @AfterAll
    void remove() {
        agent.close();
    }

    @BeforeEach
    void begin() {
        session = newSession();
    }

    private String told(String order) {
        HttpResponse<String> answer = alice().invoke("chatty", session, order);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private String path(String query) {
        return "/agents/runtimes/chatty/sessions/" + session + "/logs" + query;
    }

    private List<JsonObject> lines(int most) {
        return json(alice().get(path("?lines=" + most))).getJsonArray("lines").getValuesAs(JsonObject.class);
    }

    private List<String> texts() {
        return lines(1000).stream().map(line -> line.getString("text")).toList();
    }

    @Test
    void whatAnAgentPrintsCanBeReadByItsCallerOnly() {
        told("say hello from the VM");
        await().untilAsserted(() -> assertThat(lines(100)).anySatisfy(line -> {
            assertThat(line.getString("text")).isEqualTo("hello from the VM");
            assertThat(line.getString("source")).isEqualTo("stdout");
        }));
        assertThat(bob().get(path("")).statusCode()).isEqualTo(403);
    }

    @Test
    void whatItPrintsAndLogsArrivesInItsOrder() {
        told("each one two three");
        await().untilAsserted(() -> assertThat(texts()).contains("three to System.err"));
        assertThat(lines(1000)).extracting(line -> line.getString("source") + " " + line.getString("severity") + " " + line.getString("text"))
                .containsSubsequence("stdout info one to System.out", "stderr warning one to System.err", "messages warning chatty: one to the logger",
                        "stdout info two to System.out", "stderr warning two to System.err", "messages warning chatty: two to the logger",
                        "stdout info three to System.out", "stderr warning three to System.err", "messages warning chatty: three to the logger");
        assertThat(lines(1000)).extracting(line -> line.getInt("number")).isSorted().doesNotHaveDuplicates();
    }

    /** Once the first has come, which takes longer in a server and a session that have sent none. */
    @Test
    void aFollowerSeesNineOfTenLinesWithin200Ms() throws Exception {
        told("nothing");
        List<Long> arrived = new ArrayList<>();
        List<Long> answered = new ArrayList<>();
        try (InputStream follow = alice().events(path("?follow=true&lines=0"));
                BufferedReader in = new BufferedReader(new InputStreamReader(follow, StandardCharsets.UTF_8))) {
            for (int n = 0; n < 25; n++) {
                String text = "followed " + n;
                CompletableFuture<Long> call = CompletableFuture.supplyAsync(() -> {
                    told("say " + text);
                    return System.nanoTime();
                });
                String line = in.readLine();
                while (!line.contains(text)) {
                    line = in.readLine();
                }
                arrived.add(System.nanoTime());
                answered.add(call.join());
            }
        }
        List<Long> late = new ArrayList<>();
        for (int n = 1; n < arrived.size(); n++) {
            late.add(Duration.ofNanos(arrived.get(n) - answered.get(n)).toMillis());
        }
        System.out.println("LogsIT: ms from the agent's answer to the line at the follower, negative where the line was first: " + late);
        assertThat(late.stream().filter(ms -> ms < 200).count()).as("of %s", late).isGreaterThanOrEqualTo(late.size() * 9L / 10);
    }

    @Test
    void whatAStoppedSessionSaidLastIsKept() {
        for (int n = 0; n < 3; n++) {
            session = newSession();
            told("say the last before the stop");
            alice().delete("/agents/runtimes/chatty/sessions/" + session);
            await().untilAsserted(() -> assertThat(texts()).containsSubsequence("the last before the stop").last().asString().contains("The session has ended"));
        }
    }

    @Test
    void whatADyingAgentSaidLastIsKept() {
        told("say alive");
        alice().invoke("chatty", session, "halt famous last words");
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() ->
                assertThat(alice().session("chatty", session).getString("status")).isEqualTo("Terminated"));
        await().untilAsserted(() -> assertThat(texts()).containsSubsequence("alive", "famous last words")
                .last().asString().contains("The session has ended", "exit code 3"));
    }

    /** {@code ./verify -Dlong}: it takes a minute. */
    @Test
    @EnabledIfSystemProperty(named = "long", matches = "true")
    void aFloodIsBoundedOnTheDiskItsEndIsKeptAndANeighbourIsServed() throws IOException {
        long bytes = MOST_OF_A_SESSION + 2_000_000;
        String other = newSession();
        alice().invoke("chatty", other, "ok");
        CompletableFuture<String> flood = CompletableFuture.supplyAsync(() -> told("flood " + bytes));
        List<Long> took = new ArrayList<>();
        while (!flood.isDone()) {
            long begun = System.nanoTime();
            assertThat(alice().invoke("chatty", other, "ok").statusCode()).isEqualTo(200);
            took.add(Duration.ofNanos(System.nanoTime() - begun).toMillis());
        }
        assertThat(flood.join()).isEqualTo(Long.toString(bytes));
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(texts()).last().isEqualTo("the flood is over"));
        took.sort(null);
        System.out.println("LogsIT: a neighbour's calls during " + bytes + " bytes of log, ms: n=" + took.size() + " p50=" + took.get(took.size() / 2)
                + " p99=" + took.get((int) (took.size() * 0.99)));
        assertThat(onDisk()).isBetween(MOST_OF_A_SESSION / 2, MOST_OF_A_SESSION);
        assertThat(lines(10_000)).as("the oldest are gone").noneMatch(line -> line.getString("text").equals("the flood begins"));
    }

    /** What the session's log takes. */
    private long onDisk() throws IOException {
        Path own = VmMemory.filesWith(LOGS, "session=" + session).get(0).getParent();
        try (Stream<Path> files = Files.list(own)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    @Test
    void aVmThatIsKilledLeavesWhatItHadSaid() {
        told("say alive");
        await().untilAsserted(() -> assertThat(texts()).contains("alive"));
        Host.killQemuOf(agent.vm(session));
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() ->
                assertThat(alice().session("chatty", session).getString("status")).isEqualTo("Terminated"));
        await().untilAsserted(() -> assertThat(texts()).contains("alive").last().asString().contains("The session has ended"));
    }

    @Test
    void aSessionSeesTheVariablesOfItsAgentAndThoseThatAreEncodedArriveDecoded() {
        assertThat(told("env CHATTY_MODEL")).isEqualTo("a-model a-model a-model");
        assertThat(told("env CHATTY_KEY")).isEqualTo("clear-written-secret clear-written-secret clear-written-secret");
        assertThat(told("env CHATTY_XOR")).isEqualTo("xor-written-secret xor-written-secret xor-written-secret");
        assertThat(told("env CHATTY_AES_128")).isEqualTo("aes128-written-secret aes128-written-secret aes128-written-secret");
        assertThat(told("env CHATTY_AES_256")).isEqualTo("aes256-written-secret aes256-written-secret aes256-written-secret");
    }

    /** {@code ./verify -Dlong}: the search takes half a minute. */
    @Test
    @EnabledIfSystemProperty(named = "long", matches = "true")
    void noTemplateAndNoVmThatWaitsHoldsASecretAndASessionDoes() throws IOException {
        told("env CHATTY_KEY");
        String vm = agent.vm(session);
        VmMemory own = VmMemory.of(vm);
        assertThat(own.templates()).as("the folder of the template").hasSize(1);
        Path template = own.templates().get(0);
        assertThat(VmMemory.filesWith(template, CLASS_IN_THE_GUEST)).as("the search finds what is there").isNotEmpty();
        List<VmMemory> waiting = await("VMs that wait").atMost(Duration.ofMinutes(1)).until(() -> vmsOfNoSession(template), vms -> !vms.isEmpty());
        assertThat(own.placesOf(IN_EACH_SECRET)).as("in the session").isNotEmpty();
        assertThat(VmMemory.filesWith(template, IN_EACH_SECRET)).as("in the template's files").isEmpty();
        assertThat(Host.commandLineOf(vm)).as("what everybody on the host may see").doesNotContain(IN_EACH_SECRET);
        for (VmMemory vmThatWaits : waiting) {
            assertThat(vmThatWaits.placesOf(CLASS_IN_THE_GUEST)).as("the search finds what is there").isNotEmpty();
            assertThat(vmThatWaits.placesOf(IN_EACH_SECRET)).as("in a VM that waits").isEmpty();
        }
    }

    /** Those of that template that no session has or had. */
    private static List<VmMemory> vmsOfNoSession(Path template) throws IOException {
        List<String> taken = json(admin().get("/agents/runtimes/chatty/sessions")).getJsonArray("sessions").getValuesAs(JsonObject.class).stream()
                .map(view -> view.getString("vm", "")).filter(vm -> !vm.isEmpty()).toList();
        List<VmMemory> waiting = new ArrayList<>();
        for (String vm : Host.domains()) {
            if (!taken.contains(vm) && VmMemory.of(vm).templates().contains(template)) {
                waiting.add(VmMemory.of(vm));
            }
        }
        return waiting;
    }

    @Test
    void noLogOfTheServerHasTheValueOfASecretInAnyForm() throws IOException {
        told("env CHATTY_KEY");
        assertThat(VmMemory.filesWith(SERVER.resolve("logs"), "CHATTY_MODEL")).as("what the log tells of the configuration").isNotEmpty();
        for (String text : List.of(IN_EACH_SECRET, XOR, AES_128, AES_256)) {
            assertThat(VmMemory.filesWith(SERVER.resolve("logs"), text)).as(text).isEmpty();
        }
    }

    @Test
    void theHostsLogHasAgentAndSessionAsFieldsOfTheLinesThatAreTheirs() throws IOException {
        Path asJson = SERVER.resolve("configDropins/overrides/json-log.xml");
        Files.writeString(asJson, "<server><logging messageFormat=\"json\"/><agentRuntimeLogs hostLog=\"warnings\"/></server>");
        try {
            await().untilAsserted(() -> assertThat(ofTheServer()).isNotEmpty());
            String said = "seen \"on\" the host, \\u0022ext_session\\u0022:\\u0022forged\\u0022";
            told("err " + said);
            await().untilAsserted(() -> assertThat(ofTheServer()).filteredOn(line -> line.getString("message", "").contains("seen \"on\" the host"))
                    .singleElement().satisfies(line -> {
                        assertThat(line.getString("message")).isEqualTo("AGRT5011W: chatty/" + session + " stderr: " + said);
                        assertThat(line.getString("loglevel")).isEqualTo("WARNING");
                        assertThat(line.getString("ext_agent")).isEqualTo("chatty");
                        assertThat(line.getString("ext_session")).isEqualTo(session);
                    }));
            assertThat(ofTheServer()).filteredOn(line -> line.containsKey("ext_session"))
                    .allSatisfy(line -> assertThat(line.getString("message")).startsWith("AGRT50"));
        } finally {
            Files.delete(asJson);
        }
    }

    private static List<JsonObject> ofTheServer() throws IOException {
        try (Stream<String> lines = Files.lines(SERVER.resolve("logs/messages.log"))) {
            return lines.filter(line -> line.startsWith("{")).map(line -> Json.createReader(new StringReader(line)).readObject()).toList();
        }
    }
}

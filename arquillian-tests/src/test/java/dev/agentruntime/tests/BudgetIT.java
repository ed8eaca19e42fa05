package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.admin;
import static dev.agentruntime.tests.AgentClient.alice;
import static dev.agentruntime.tests.AgentClient.awaitReady;
import static dev.agentruntime.tests.AgentClient.bob;
import static dev.agentruntime.tests.AgentClient.json;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What VMs use is held to budgets while they use it, and told afterwards. A second of CPU costs one EUR here. In {@code ./verify -Dlong}. */
@EnabledIfSystemProperty(named = "long", matches = "true")
@ArquillianTest
@RunAsClient
class BudgetIT {

    private static final String BURN = "{\"seconds\": 120, \"mode\": \"burn\"}";
    private static final double SECOND = 1;
    private static final Path SERVER = Path.of(System.getProperty("root"), "server-config/target/wlp/usr/servers/agents-under-test");

    private final Path file = SERVER.resolve("configDropins/overrides/budgets.xml");
    /** The callers of a test are its own, so that no other's usage counts. */
    private final String caller = "spender-" + UUID.randomUUID();
    private final AgentClient spender = AgentClient.invoker(AgentClient.BASE, caller);

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @BeforeEach
    void ready() {
        awaitReady("burner");
    }

    @AfterEach
    void withoutBudgets() throws IOException {
        Files.deleteIfExists(file);
    }

    /** @param words what the server's log tells of the budget */
    private void budget(String attributes, String words) throws IOException {
        Files.writeString(file, "<server><agentRuntimeAccounting cpuHour=\"3600\" memoryGbHour=\"0\" currency=\"EUR\"><budget " + attributes
                + "/></agentRuntimeAccounting></server>");
        await("the budget is in force").atMost(Duration.ofSeconds(30)).until(() -> {
            try (Stream<String> lines = Files.lines(SERVER.resolve("logs/messages.log"))) {
                return lines.anyMatch(line -> line.contains("AGRT6202I") && line.contains(words));
            }
        });
    }

    private static double cpu(JsonObject session) {
        return session.getJsonObject("usage").getJsonNumber("cpuSeconds").doubleValue();
    }

    private JsonObject ended(String agent, String session) {
        await("the session has ended").atMost(Duration.ofSeconds(20)).until(() -> spender.session(agent, session).getString("status").equals("Terminated"));
        return spender.session(agent, session);
    }

    @Test
    void aBurningSessionIsStoppedWithinASecondOfItsBudgetAndItsCallerIsToldWhy() throws IOException {
        budget("per=\"session\" agent=\"burner\" subject=\"" + caller + "\" cpu=\"3s\"", "subject=" + caller + " cpu=3s");
        String session = newSession();
        HttpResponse<String> answer = spender.invoke("burner", session, BURN);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(402);
        assertThat(answer.headers().firstValue("x-amzn-ErrorType")).contains("ServiceQuotaExceededException");
        assertThat(json(answer).getString("message")).contains("Session burner/" + session + " may use 3s of CPU");
        ended("burner", session);
        await("its VM is gone and the last reading is in").atMost(Duration.ofSeconds(10)).until(() -> cpu(spender.session("burner", session)) >= 3);
        JsonObject last = spender.session("burner", session);
        assertThat(cpu(last)).isBetween(3.0, 3 + SECOND);
        assertThat(last.getString("terminationReason")).contains("its budget is reached");
        assertThat(last.getJsonObject("cost").getJsonNumber("amount").doubleValue()).isCloseTo(cpu(last), within(0.001));
        assertThat(last.getJsonObject("usage").getJsonNumber("vcpuSeconds").doubleValue()).as("most of a burn is the guest's own").isGreaterThan(2);
        assertThat(admin().get("/metrics?scope=application").body()).as("at four fifths, and at the end")
                .contains("agent_budget_events_total").contains("level=\"warned\"").contains("level=\"reached\"");

        HttpResponse<String> next = spender.invoke("burner", newSession(), "{\"seconds\": 0.1, \"mode\": \"burn\"}");
        assertThat(next.statusCode()).as("another session has a budget of its own: " + next.body()).isEqualTo(200);
    }

    @Test
    void whatACallersSessionsCostOnADayEndsThemAndLetsNoneBegin() throws Exception {
        budget("per=\"subject\" subject=\"" + caller + "\" cost=\"4\"", "subject=" + caller + " cost=4");
        CompletableFuture<HttpResponse<String>> one = spender.invokeAsync("burner", newSession(), BURN);
        CompletableFuture<HttpResponse<String>> other = spender.invokeAsync("burner", newSession(), BURN);

        for (HttpResponse<String> answer : List.of(one.get(2, TimeUnit.MINUTES), other.get(2, TimeUnit.MINUTES))) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(402);
            assertThat(json(answer).getString("message")).contains("may use 4 EUR a day");
        }
        HttpResponse<String> next = spender.invoke("burner", newSession(), BURN);
        assertThat(next.statusCode()).as(next.body()).isEqualTo(402);
        assertThat(json(next).getString("message")).startsWith("You may use 4 EUR a day");
        HttpResponse<String> bobs = bob().invoke("burner", newSession(), "{\"seconds\": 0.1, \"mode\": \"burn\"}");
        assertThat(bobs.statusCode()).as(bobs.body()).isEqualTo(200);
    }

    @Test
    void howLongACallersSessionsAreThereEndsThem() throws IOException {
        budget("per=\"subject\" subject=\"" + caller + "\" wallTime=\"5s\"", "subject=" + caller + " wallTime=5s");
        HttpResponse<String> answer = spender.invoke("burner", newSession(), "{\"seconds\": 60, \"mode\": \"sleep\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(402);
        assertThat(json(answer).getString("message")).contains("may use 5s of time a day");
    }

    @Test
    void aSessionThatHoldsMoreMemoryThanItsBudgetIsEnded() throws IOException {
        budget("per=\"session\" subject=\"" + caller + "\" memory=\"1m\"", "subject=" + caller + " memory=1m");
        HttpResponse<String> answer = spender.invoke("burner", newSession(), "{\"seconds\": 60, \"mode\": \"sleep\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(402);
        assertThat(json(answer).getString("message")).contains("may use 1m of memory");
    }

    private long megabytes(String session) {
        return spender.session("burner", session).getJsonObject("usage").getJsonNumber("peakMemoryBytes").longValue() >> 20;
    }

    private boolean rests(String session) {
        return spender.session("burner", session).getString("status").equals("Idle") && megabytes(session) > 0;
    }

    @Test
    void whileACallersSessionsHoldMostOfTheirMemoryNoneBegins() throws IOException {
        String session = newSession();
        spender.invoke("burner", session, "{\"seconds\": 0.1, \"mode\": \"burn\"}");
        await("it rests, and its memory with it").during(Duration.ofSeconds(12)).atMost(Duration.ofMinutes(2)).until(() -> rests(session));
        long held = megabytes(session);
        long most = held + held / 5;
        budget("per=\"subject\" subject=\"" + caller + "\" memory=\"" + most + "m\"", "subject=" + caller + " memory=" + most + "m");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            HttpResponse<String> answer = spender.invoke("burner", newSession(), "{\"seconds\": 0.1, \"mode\": \"burn\"}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        });
        assertThat(spender.session("burner", session).getString("status")).as("the one that lives goes on").isEqualTo("Idle");
    }

    @Test
    void whatWasUsedAndCostIsToldBySessionInCsv() throws IOException {
        budget("per=\"session\" subject=\"" + caller + "\" cpu=\"1h\"", "subject=" + caller + " cpu=1h");
        String session = newSession();
        spender.invoke("burner", session, "{\"seconds\": 1, \"mode\": \"burn\"}");
        spender.delete("/agents/runtimes/burner/sessions/" + session);
        JsonObject last = ended("burner", session);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            String csv = spender.get("/agents/usage?by=session,day&format=csv").body();
            assertThat(csv.lines().toList()).hasSize(2);
            String[] cells = csv.lines().toList().get(1).split(",");
            assertThat(cells[1]).isEqualTo("burner");
            assertThat(cells[2]).isEqualTo(caller);
            assertThat(cells[4]).isEqualTo(session);
            assertThat(Double.parseDouble(cells[7])).isCloseTo(cpu(last), within(0.001));
            assertThat(Double.parseDouble(cells[14])).isCloseTo(cpu(last), within(0.001));
        });
        assertThat(alice().get("/agents/usage?by=session&subject=" + caller).statusCode()).as("another's").isEqualTo(403);
        assertThat(admin().get("/agents/usage?by=subject&subject=" + caller + "&issuer=" + json(spender.get("/agents/runtimes/burner/sessions/" + session))
                .getString("issuer")).body()).contains("\"subject\":\"" + caller + "\"");
    }
}

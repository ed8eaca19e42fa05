package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.json;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A server is killed, or stopped and started again, while sessions live in real VMs. */
@EnabledIfSystemProperty(named = "long", matches = "true")
class RestartIT {

    private static final int PORT = 19097;
    private static final List<String> AGENTS = List.of("hello", "worker", "streamer");
    private static final String SLEEPER = "<agent name=\"sleeper\" location=\"hello.war\" hibernateAfter=\"2s\"/>";

    private final List<String> resting = Stream.generate(AgentClient::newSession).limit(5).toList();
    private final String ofBob = newSession();
    private final String streaming = newSession();
    private final String working = newSession();
    private final String killed = newSession();
    private final String onDisk = newSession();

    private OwnServer server;
    private AgentClient alice;
    private AgentClient bob;

    @BeforeEach
    void start() throws IOException {
        server = OwnServer.create("restart", PORT);
        alice = AgentClient.invoker(server.base(), "alice");
        bob = AgentClient.invoker(server.base(), "bob");
        Files.createDirectories(server.folder().resolve("agents"));
        for (String agent : AGENTS) {
            Files.copy(UntouchedLiberty.ROOT.resolve("examples/" + agent + "/target/" + agent + ".war"), server.folder().resolve("agents/" + agent + ".war"));
        }
        configure("keep");
        server.start();
        awaitAgents();
    }

    private void configure(String onStop) {
        server.write("server.xml", """
                <server>
                    <featureManager><feature>usr:agentRuntime-1.0</feature></featureManager>
                    %s
                    <agentRuntime poolMax="0" onStop="%s">%s</agentRuntime>
                    <mpJwt id="callers" issuer="%s" audiences="agent-runtime" jwksUri="%s/jwks"/>
                </server>
                """.formatted(server.endpoint(), onStop, SLEEPER + AGENTS.stream().map("<agent name=\"%1$s\" location=\"%1$s.war\"/>"::formatted)
                        .collect(Collectors.joining()), Identity.PROVIDER.issuer(), Identity.PROVIDER.issuer()));
    }

    private void awaitAgents() {
        AGENTS.forEach(alice::awaitAgent);
        alice.awaitAgent("sleeper");
    }

    /** Whatever has become of the test, none of its VMs stays. */
    @AfterEach
    void end() {
        server.remove();
    }

    @Test
    void everySessionGoesOnAfterTheServerWasKilled() throws Exception {
        try (InputStream stream = begin()) {
            JsonObject before = alice.session("hello", resting.get(0));
            String lost = alice.session("hello", killed).getString("vm");
            Set<String> vms = vms();
            assertThat(vms).hasSize(9);
            server.kill();
            Host.killQemuOf(lost);
            assertThat(broken(stream)).as("the stream ended with the server").isTrue();
            startAgain();

            goesOn();
            vms.remove(lost);
            comesBackFromTheDisk(vms);
            JsonObject after = alice.session("hello", resting.get(0));
            assertThat(after.getString("vm")).isEqualTo(before.getString("vm"));
            assertThat(after.getString("createdAt")).isEqualTo(before.getString("createdAt"));
            assertThat(usage(after, "cpuSeconds")).isGreaterThan(usage(before, "cpuSeconds"));
            assertThat(usage(after, "memoryGbSeconds")).isGreaterThan(usage(before, "memoryGbSeconds"));
            assertThat(after.getJsonObject("usage").getInt("invocations")).isEqualTo(2);

            JsonObject gone = alice.session("hello", killed);
            assertThat(gone.getString("status")).isEqualTo("Terminated");
            assertThat(gone.getString("terminationReason")).contains("gone when the server started again");
            assertThat(call(alice, killed)).as("begun anew").isEqualTo(1);
            vms.add(alice.session("hello", killed).getString("vm"));
            assertThat(vms()).as("no VM without a session").isEqualTo(vms);
            assertThat(Host.tracesOf(lost)).isEmpty();
            theWorkerFinishes();
        }
    }

    @Test
    void everySessionGoesOnAfterAPlannedRestartUnlessItIsToEnd() throws Exception {
        try (InputStream stream = begin()) {
            Set<String> vms = vms();
            server.stop();
            assertThat(broken(stream)).as("the stream ended with the server").isTrue();
            assertThat(vms()).isEqualTo(vms);
            startAgain();
            goesOn();
            comesBackFromTheDisk(vms);
            assertThat(call(alice, killed)).isEqualTo(2);
            assertThat(vms()).isEqualTo(vms);
            theWorkerFinishes();

            configure("end");
            await().atMost(Duration.ofSeconds(60)).until(() -> server.log().contains("onStop=end"));
            server.stop();
            assertThat(vms()).isEmpty();
            assertThat(vms).allSatisfy(vm -> assertThat(Host.tracesOf(vm)).isEmpty());
        }
    }

    private void startAgain() {
        long begun = System.nanoTime();
        server.start();
        say("the server started again", begun);
        awaitAgents();
        say("and its agents were ready", begun);
    }

    private static void say(String what, long begun) {
        System.out.printf(Locale.ROOT, "restart: %s, after %d ms%n", what, (System.nanoTime() - begun) / 1_000_000);
    }

    /** It was on the disk before the restart, and is there until its caller asks. */
    private void comesBackFromTheDisk(Set<String> vms) {
        assertThat(alice.session("sleeper", onDisk).getString("status")).isEqualTo("Hibernated");
        assertThat(bob.invoke("sleeper", onDisk, "{}").statusCode()).as("a session of somebody else").isEqualTo(403);
        String before = alice.session("sleeper", onDisk).getString("vm");
        assertThat(vms()).doesNotContain(before);
        long asked = System.nanoTime();
        assertThat(call(alice, "sleeper", onDisk)).isEqualTo(2);
        say("the session on the disk answered", asked);
        String now = alice.session("sleeper", onDisk).getString("vm");
        assertThat(now).isNotEqualTo(before);
        assertThat(alice.delete("/agents/runtimes/sleeper/sessions/" + onDisk).statusCode()).isEqualTo(200);
        assertThat(vms()).isEqualTo(vms).doesNotContain(now);
    }

    /** Five that rest and whose VMs are paused, one of somebody else, one that streams, one that works, one to be killed, one on the disk. */
    private InputStream begin() {
        assertThat(alice.invoke("worker", working, "{\"seconds\": 180}").body()).contains("running");
        resting.forEach(session -> assertThat(call(alice, session)).isEqualTo(1));
        assertThat(call(bob, ofBob)).isEqualTo(1);
        assertThat(call(alice, killed)).isEqualTo(1);
        assertThat(call(alice, "sleeper", onDisk)).isEqualTo(1);
        await().atMost(Duration.ofSeconds(60)).until(() -> alice.session("sleeper", onDisk).getString("status"), "Hibernated"::equals);
        List<String> vms = resting.stream().map(session -> alice.session("hello", session).getString("vm")).toList();
        await().atMost(Duration.ofSeconds(60)).until(() -> Host.arePaused(vms));
        InputStream stream = alice.stream("streamer", streaming, "{\"events\": 1000, \"intervalMillis\": 500}").body();
        await().atMost(Duration.ofSeconds(30)).until(() -> alice.session("worker", working).getString("status"), "Active"::equals);
        return stream;
    }

    private void goesOn() {
        long asked = System.nanoTime();
        resting.forEach(session -> assertThat(call(alice, session)).isEqualTo(2));
        say(resting.size() + " that were paused answered, one after the other", asked);
        assertThat(call(bob, ofBob)).isEqualTo(2);
        assertThat(alice.invoke("hello", ofBob, "{}").statusCode()).as("a session of somebody else").isEqualTo(403);
        assertThat(alice.invoke("streamer", streaming, "{\"events\": 2, \"intervalMillis\": 100}").statusCode()).isEqualTo(200);
        assertThat(alice.session("worker", working).getString("status")).isEqualTo("Active");
    }

    private void theWorkerFinishes() {
        await().atMost(Duration.ofSeconds(300)).pollInterval(Duration.ofSeconds(2))
                .until(() -> alice.invoke("worker", working, "{\"status\": true}").body(), body -> body.contains("done\""));
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofSeconds(1))
                .until(() -> alice.session("worker", working).getString("status"), "Idle"::equals);
    }

    private static boolean broken(InputStream stream) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> line.startsWith("data:")).count() < 1000;
        } catch (UncheckedIOException reset) {
            return true;
        }
    }

    private static double usage(JsonObject session, String what) {
        return session.getJsonObject("usage").getJsonNumber(what).doubleValue();
    }

    private Set<String> vms() {
        return server.vms();
    }

    private static int call(AgentClient caller, String session) {
        return call(caller, "hello", session);
    }

    private static int call(AgentClient caller, String agent, String session) {
        HttpResponse<String> answer = caller.invoke(agent, session, "{}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).getInt("call");
    }
}

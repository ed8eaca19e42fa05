package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Cost;
import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Usage;
import jakarta.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ViewsTest {

    private static final Usage USAGE =
            new Usage(2_000_000_001L, 1_500_000_000L, 250_000_000L, BigDecimal.valueOf(3L << 29), 4096, 2, MeterSource.CGROUP);

    private static final Costs FREE = new Costs(Optional::empty);
    /** A unit for each second of CPU. */
    static final Costs COSTS = new Costs(() -> Optional.of(usage -> Optional.of(new Cost(BigDecimal.valueOf(usage.cpuNanos(), 9), "EUR"))));

    @Test
    void aSessionShowsItsCostWhereTheServerHasPrices() {
        assertThat(Views.session(full(), COSTS).getJsonObject("cost")).hasToString("{\"amount\":2.000000001,\"currency\":\"EUR\"}");
        assertThat(Views.sessions(List.of(full()), COSTS).getJsonArray("sessions").getJsonObject(0)).containsKey("cost");
        assertThat(Views.session(full(), FREE)).doesNotContainKey("cost");
        assertThat(Views.session(full(), new Costs(() -> Optional.of(usage -> Optional.empty())))).doesNotContainKey("cost");
    }

    @Test
    void anEndedSessionShowsEverything() {
        SessionView session = session("v", SessionView.Status.TERMINATED, Optional.of(StartMode.CLONE),
                Optional.of(Duration.ofMillis(812)), Optional.of("agrt-1-s2"), Optional.of("Idle for 15 minutes"));
        assertThat(Views.session(session, FREE)).hasToString("{\"sessionId\":\"s\",\"runtime\":\"hello\",\"digest\":\"v\","
                + "\"status\":\"Terminated\",\"subject\":\"alice\",\"issuer\":\"https://idp.test\","
                + "\"createdAt\":\"2026-01-01T00:00:00Z\",\"lastActivityAt\":\"2026-01-01T00:00:05Z\","
                + "\"startMode\":\"clone\",\"startMillis\":812,\"vm\":\"agrt-1-s2\","
                + "\"terminationReason\":\"Idle for 15 minutes\",\"usage\":{\"cpuSeconds\":2.000000001,"
                + "\"vcpuSeconds\":1.500000000,\"emulatorSeconds\":0.500000001,\"platformSeconds\":0.250000000,\"memoryGbSeconds\":1.500000,\"peakMemoryBytes\":4096,\"invocations\":2,\"source\":\"cgroup\"}}");
    }

    @Test
    void whatASessionHasNotYetIsLeftOut() {
        SessionView session = session("", SessionView.Status.PROVISIONING, Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty());
        assertThat(Views.session(session, FREE)).hasToString("{\"sessionId\":\"s\",\"runtime\":\"hello\",\"status\":\"Provisioning\","
                + "\"subject\":\"alice\",\"issuer\":\"https://idp.test\","
                + "\"createdAt\":\"2026-01-01T00:00:00Z\",\"lastActivityAt\":\"2026-01-01T00:00:05Z\","
                + "\"usage\":{\"cpuSeconds\":2.000000001,\"vcpuSeconds\":1.500000000,\"emulatorSeconds\":0.500000001,"
                + "\"platformSeconds\":0.250000000,\"memoryGbSeconds\":1.500000,\"peakMemoryBytes\":4096,\"invocations\":2,"
                + "\"source\":\"cgroup\"}}");
    }

    @Test
    void aSessionThatEndedBeforeItHadAVersionShowsNone() {
        SessionView session = session("", SessionView.Status.TERMINATED, Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.of("Ended on request"));
        assertThat(Views.session(session, FREE)).doesNotContainKey("digest").containsKey("terminationReason");
        assertThat(Views.sessions(List.of(session), FREE).getJsonArray("sessions").getJsonObject(0)).doesNotContainKey("digest");
    }

    @Test
    void aBrokenRuntimeShowsWhy() {
        AgentRuntimeView runtime = new AgentRuntimeView(
                "hello", AgentRuntimeView.Status.CREATE_FAILED, "no web.xml", List.of("CWWKZ0002E"), Optional.of("v"),
                Optional.empty(), 0, 2);
        assertThat(Views.runtime(runtime, new Caller(new Subject("https://idp.test", "root"), true))).hasToString("{\"name\":\"hello\",\"status\":\"CREATE_FAILED\","
                + "\"statusReason\":\"no web.xml\",\"log\":[\"CWWKZ0002E\"],\"digest\":\"v\","
                + "\"liveSessions\":0,\"pooled\":2}");
    }

    @Test
    void aRuntimeThatServesShowsWhatAndHow() {
        AgentRuntimeView runtime = new AgentRuntimeView(
                "hello", AgentRuntimeView.Status.READY, "", List.of(), Optional.of("v"), Optional.of(StartMode.CLONE), 0, 2);
        assertThat(Views.runtime(runtime, new Caller(new Subject("https://idp.test", "root"), true)).getString("digest")).isEqualTo("v");
        assertThat(Views.runtime(runtime, new Caller(new Subject("https://idp.test", "root"), true)).getString("startMode")).isEqualTo("clone");
    }

    @Test
    void whatARuntimeHasNotYetIsLeftOut() {
        AgentRuntimeView runtime = new AgentRuntimeView(
                "hello", AgentRuntimeView.Status.CREATING, "", List.of(), Optional.empty(), Optional.empty(), 0, 0);
        assertThat(Views.runtime(runtime, new Caller(new Subject("https://idp.test", "root"), true))).doesNotContainKeys("digest", "startMode", "statusReason", "version");
    }

    @Test
    void whoInvokesAgentsSeesNeitherTheirLogNorWhereTheyAre() {
        AgentRuntimeView runtime = new AgentRuntimeView("hello", AgentRuntimeView.Status.CREATE_FAILED,
                "'/srv/agents/hello.war' is no WAR: see /var/log/x.log and https://example.org/a/b", List.of("secret"), Optional.empty(),
                Optional.empty(), 0, 0);
        JsonObject json = Views.runtime(runtime, new Caller(new Subject("https://idp.test", "alice"), false));
        assertThat(json).doesNotContainKey("log");
        assertThat(json.getString("statusReason")).isEqualTo("'hello.war' is no WAR: see x.log and https://example.org/a/b");
    }

    /** One of which everything is known. */
    static SessionView full() {
        return session("v", SessionView.Status.IDLE, Optional.of(StartMode.CLONE), Optional.of(Duration.ofMillis(1)), Optional.of("vm"),
                Optional.of("why")).idleFor(Duration.ofMinutes(1)).livingFor(Duration.ofHours(8));
    }

    private static SessionView session(String digest, SessionView.Status status, Optional<StartMode> mode, Optional<Duration> took,
            Optional<String> vm, Optional<String> reason) {
        Instant created = Instant.parse("2026-01-01T00:00:00Z");
        return new SessionView("s", "hello", digest, status, new Subject("https://idp.test", "alice"), created,
                created.plusSeconds(5), mode, took, vm, reason, USAGE);
    }
}

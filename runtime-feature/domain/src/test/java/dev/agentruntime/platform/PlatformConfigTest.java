package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.agents.AgentConfig;
import dev.agentruntime.agents.PoolBounds;
import dev.agentruntime.agents.Sharing;
import dev.agentruntime.api.ReadyWhen;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.sessions.Limits;
import dev.agentruntime.sessions.OnStop;
import dev.agentruntime.sessions.Stopping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlatformConfigTest {

    private final Map<String, Object> properties = new HashMap<>(Map.of(
            "agentsDirectory", "/srv/agents", "serverName", "defaultServer", "serverDirectory", "/srv/server"));

    @Test
    void nothingConfiguredMeansTheDefaults() {
        PlatformConfig config = read().config();
        assertThat(config.sessions().limits().idleTimeout()).isEqualTo(Duration.ofMinutes(15));
        assertThat(config.sessions().limits().maxLifetime()).isEqualTo(Duration.ofHours(8));
        assertThat(config.sessions().limits().startTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.sessions().quotas().sessions()).isEqualTo(200);
        assertThat(config.health().pings().interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.health().pings().timeout()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.driver().hypervisor()).isEqualTo("auto");
        assertThat(config.driver().acceleration()).isEqualTo("auto");
        assertThat(config.driver().cpuModel()).isEqualTo("auto");
        assertThat(config.agents().dropins()).isEqualTo(Path.of("/srv/agents/dropins"));
        assertThat(config.agents().copies()).isEqualTo(Path.of("/srv/server/agent-runtime/wars"));
        assertThat(config.agents().agents()).isEmpty();
        assertThat(config.sessions().limits().pauseAfter()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.sessions().limits().hypervisorTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.sessions().limits().hibernateAfter()).isEqualTo(Duration.ZERO);
        assertThat(config.sessions().hibernationDisk()).isEqualTo(10L << 30);
        assertThat(config.agents().pool()).isEqualTo(new PoolBounds(1, 4));
        assertThat(config.health().readyWhen()).isEqualTo(ReadyWhen.STARTED);
        assertThat(config.sessions().stopping()).isEqualTo(new Stopping(OnStop.KEEP, Duration.ofSeconds(10), Duration.ofSeconds(15)));
        assertThat(config.identity().tenantClaim()).isEqualTo("tenant");
        assertThat(read().config().store().dataSource()).isEqualTo("jdbc/agentRuntime");
        assertThat(read().problems()).isEmpty();
    }

    @Test
    void everyAttributeIsTaken() {
        properties.putAll(Map.of("idleTimeout", "20s", "maxLifetime", "1h30m", "startTimeout", "2m", "maxSessions", 7,
                "pingInterval", "500ms", "pingTimeout", "1s", "hypervisor", "qemu:///session", "acceleration", "tcg",
                "stateDirectory", "/srv/state", "image", "/srv/image"));
        properties.putAll(Map.of("dropins", "/srv/drop", "dropinMemory", "2g", "dataSource", "jdbc/other",
                "agent.0.name", "hello", "agent.0.location", "hello.war", "agent.0.memory", "768m",
                "agent.0.vcpus", 2, "agent.0.idleTimeout", "1m", "agent.0.maxLifetime", "1d"));
        properties.put("hypervisorTimeout", "40s");
        properties.put("onStop", "end");
        properties.put("stopGrace", "0");
        properties.put("endGrace", "3s");
        properties.putAll(Map.of("pauseAfter", "10s", "poolMin", 2, "poolMax", 6, "agent.0.pauseAfter", "0", "agent.0.poolMin", 2,
                "agent.0.sharing", "version", "tenantClaim", "org", "readyWhen", "allAgents"));
        properties.putAll(Map.of("hibernateAfter", "5m", "hibernationDisk", "512m", "agent.0.hibernateAfter", "2m"));
        PlatformConfig config = read().config();
        assertThat(read().problems()).isEmpty();
        assertThat(config.sessions().limits().idleTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.sessions().limits().maxLifetime()).isEqualTo(Duration.ofMinutes(90));
        assertThat(config.sessions().limits().startTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.sessions().quotas().sessions()).isEqualTo(7);
        assertThat(config.health().pings().interval()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.health().pings().timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.driver().hypervisor()).isEqualTo("qemu:///session");
        assertThat(config.driver().acceleration()).isEqualTo("tcg");
        assertThat(config.driver().stateDirectory()).isEqualTo(Path.of("/srv/state"));
        assertThat(config.driver().imageDirectory()).isEqualTo(Path.of("/srv/image"));
        assertThat(config.agents().dropins()).isEqualTo(Path.of("/srv/drop"));
        assertThat(config.agents().dropinMemoryBytes()).isEqualTo(2L << 30);
        assertThat(read().config().store().dataSource()).isEqualTo("jdbc/other");
        assertThat(config.agents().agents()).containsExactly(new AgentConfig("hello", Path.of("/srv/agents/hello.war"),
                768L << 20, 2, Optional.of(new PoolBounds(2, 6)), Sharing.VERSION));
        assertThat(config.sessions().limits("hello")).isEqualTo(new Limits(
                Duration.ofMinutes(1), Duration.ofDays(1), Duration.ofMinutes(2), Duration.ZERO, Duration.ofSeconds(40),
                Duration.ofMinutes(2)));
        assertThat(config.sessions().limits().hibernateAfter()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.sessions().hibernationDisk()).isEqualTo(512L << 20);
        assertThat(config.health().readyWhen()).isEqualTo(ReadyWhen.ALL_AGENTS);
        assertThat(config.sessions().stopping()).isEqualTo(new Stopping(OnStop.END, Duration.ZERO, Duration.ofSeconds(3)));
        assertThat(config.identity().tenantClaim()).isEqualTo("org");
        assertThat(config.sessions().limits().pauseAfter()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.agents().pool()).isEqualTo(new PoolBounds(2, 6));
    }

    @Test
    void everythingWrongIsToldAtOnceAndTheRestIsUsed() {
        properties.putAll(Map.of("idleTimeout", "15 minutes", "maxSessions", "many", "acceleration", "warp",
                "pingInterval", "1ms", "maxLifetime", "1h", "agent.0.name", "9lives", "agent.1.name", "hello",
                "agent.1.memory", "12m", "agent.2.name", "hello", "agent.3.name", "second"));
        Reading reading = read();
        assertThat(reading.problems()).hasSize(7)
                .anySatisfy(problem -> assertThat(problem).contains("idleTimeout", "'15 minutes'", "15m"))
                .anySatisfy(problem -> assertThat(problem).contains("maxSessions", "a whole number", "200"))
                .anySatisfy(problem -> assertThat(problem).contains("acceleration", "auto, kvm, tcg"))
                .anySatisfy(problem -> assertThat(problem).contains("pingInterval", "100ms at least"))
                .anySatisfy(problem -> assertThat(problem).contains("9lives", "left out"))
                .anySatisfy(problem -> assertThat(problem).contains("memory", "<agent hello>", "768m to 65536m"))
                .anySatisfy(problem -> assertThat(problem).contains("two <agent> elements", "hello"));
        assertThat(reading.config().sessions().limits().idleTimeout()).isEqualTo(Duration.ofMinutes(15));
        assertThat(reading.config().sessions().limits().maxLifetime()).isEqualTo(Duration.ofHours(1));
        assertThat(reading.config().agents().agents()).extracting(AgentConfig::name).containsExactly("hello", "second");
    }

    @Test
    void aPoolBoundGivenAlonePullsTheOtherAlong() {
        properties.put("poolMax", 0);
        assertThat(read().config().agents().pool()).isEqualTo(new PoolBounds(0, 0));
        properties.remove("poolMax");
        properties.put("poolMin", 9);
        assertThat(read().config().agents().pool()).isEqualTo(new PoolBounds(9, 9));
        assertThat(read().problems()).isEmpty();
        properties.put("poolMax", 3);
        assertThat(read().config().agents().pool()).isEqualTo(new PoolBounds(3, 3));
        assertThat(read().problems()).singleElement().asString().contains("poolMin is 9", "poolMax 3");
    }

    @Test
    void aPoolBoundThatCannotBeUsedIsToldOnceAndTakenAsNotSet() {
        properties.putAll(Map.of("poolMin", "many", "poolMax", 0));
        assertThat(read().config().agents().pool()).isEqualTo(new PoolBounds(0, 0));
        assertThat(read().problems()).singleElement().asString().contains("poolMin", "'many'", "a whole number from 0 to 1000");
    }

    @Test
    void anAgentWhoseTenantsAreKeptApartHasNoPoolOfItsOwn() {
        properties.putAll(Map.of("poolMin", 2, "agent.0.name", "hello", "agent.0.sharing", "tenant"));
        assertThat(read().problems()).isEmpty();
        assertThat(read().config().agents().agents().get(0).sharing()).isEqualTo(Sharing.TENANT);
        assertThat(read().config().agents().agents().get(0).pool()).isEmpty();
        assertThat(read().config().agents().pool()).isEqualTo(new PoolBounds(2, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"poolMin", "poolMax"})
    void aPoolForAnAgentWhoseTenantsAreKeptApartIsToldOfAndPassedOver(String bound) {
        properties.putAll(Map.of("agent.0.name", "hello", "agent.0.sharing", "tenant", "agent.0." + bound, 3));
        assertThat(read().problems()).singleElement().asString()
                .contains(bound, "<agent hello>", "sharing is 'tenant'", "Leave both out");
        assertThat(read().config().agents().agents().get(0).pool()).isEmpty();
    }

    @Test
    void anUnknownSharingIsToldOfAndKeepsTenantsApart() {
        properties.putAll(Map.of("agent.0.name", "hello", "agent.0.sharing", "nobody"));
        assertThat(read().problems()).singleElement().asString().contains("sharing", "'nobody'", "version, tenant", "<agent hello>");
        assertThat(read().config().agents().agents().get(0).sharing()).isEqualTo(Sharing.TENANT);
    }

    @Test
    void anAgentsLocationIsItsNameUnlessItSaysOtherwise() {
        properties.put("agent.0.name", "hello");
        assertThat(read().config().agents().agents().get(0).location()).isEqualTo(Path.of("/srv/agents/hello.war"));
        properties.put("agent.0.location", "/elsewhere/x.war");
        assertThat(read().config().agents().agents().get(0).location()).isEqualTo(Path.of("/elsewhere/x.war"));
    }

    @Test
    void theEffectiveConfigurationIsOneLineInTheWordsOfServerXml() {
        properties.put("agent.0.name", "hello");
        assertThat(read().config().effective().text()).doesNotContain("\n").contains(
                "idleTimeout=15m", "maxLifetime=8h", "maxSessions=200", "dataSource=jdbc/agentRuntime",
                "agent[name=hello location=/srv/agents/hello.war memory=1024m vcpus=1 sharing=version]", "tenantClaim=tenant");
    }

    @Test
    void aChangeOfWhatTheHypervisorAndTheStoreNeedTakesARestart() {
        PlatformConfig before = read().config();
        properties.putAll(Map.of("idleTimeout", "20s", "dataSource", "jdbc/other", "image", "/srv/image"));
        assertThat(read().config().needRestart(before)).containsExactly("image", "dataSource");
    }

    @Test
    void whatWaitsForARestartIsNotToldAsInForce() {
        PlatformConfig before = read().config();
        properties.putAll(Map.of("idleTimeout", "20s", "dataSource", "jdbc/other", "image", "/srv/image"));
        assertThat(read().config().inForceAfter(before).effective().text())
                .contains("idleTimeout=20s", "dataSource=jdbc/agentRuntime").doesNotContain("/srv/image");
    }

    private record Reading(PlatformConfig config, List<String> problems) {}

    private Reading read() {
        Attributes own = Attributes.of("agentRuntime", properties);
        PlatformConfig config = PlatformConfig.read(own, "test1", Path.of("/srv/server/agent-runtime"));
        return new Reading(config, own.problems());
    }
}

package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.MetatypeFile;
import dev.agentruntime.spi.AgentPaths;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AgentSettingsTest {

    private final Map<String, Object> properties = new HashMap<>(Map.of("agentsDirectory", "/agents"));
    private Attributes attributes;

    @Test
    void theDefaults() {
        AgentSettings settings = read();
        assertThat(settings.pool()).isEqualTo(new PoolBounds(1, 4));
        assertThat(settings.dropins()).isEqualTo(Path.of("/agents/dropins"));
        assertThat(settings.dropinMemoryBytes()).isEqualTo(1L << 30);
        assertThat(settings.agents()).isEmpty();
        assertThat(settings.copies()).isEqualTo(Path.of("/server/wars"));
        assertThat(attributes.problems()).isEmpty();
    }

    @Test
    void everyAttributeOfAnAgent() {
        agent(0, Map.of("name", "hello", "location", "sub/../x.war", "memory", "2g", "vcpus", "2", "poolMin", "1", "poolMax", "3"));
        assertThat(read().agents()).containsExactly(new AgentConfig(
                "hello", Path.of("/agents/x.war"), 2L << 30, 2, Optional.of(new PoolBounds(1, 3)), Sharing.VERSION));
        assertThat(attributes.problems()).isEmpty();
    }

    @Test
    void whatIsReadIsWhatCanBeWritten() throws Exception {
        MetatypeFile metatype = new MetatypeFile(AgentSettings.class.getClassLoader());
        assertThat(metatype.names("agentRuntime.agent")).isEqualTo(AgentElements.ATTRIBUTES);
        assertThat(metatype.names("agentRuntime.agent.env")).isEqualTo(EnvironmentElements.ATTRIBUTES);
    }

    @Test
    void aMistypedAttributeIsToldAndTheAgentCounts() {
        agent(0, Map.of("name", "hello", "feature", "persistence-3.1", "outbund.0.name", "x"));
        assertThat(read().agents()).singleElement().extracting(AgentConfig::features).isEqualTo(List.of());
        assertThat(attributes.problems()).hasSize(2).anySatisfy(problem -> assertThat(problem).contains("<agent hello> has no feature.", "features"))
                .anySatisfy(problem -> assertThat(problem).contains("<agent hello> has no outbund."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"persistence-3.1,mail", " persistence-3.1 , mail ", "persistence-3.1\n  mail persistence-3.1", ",persistence-3.1,,mail,"})
    void featuresAreNamesWithCommasOrBlanksBetweenThem(String features) {
        agent(0, Map.of("name", "hello", "features", features));
        assertThat(read().agents()).singleElement().extracting(AgentConfig::features).isEqualTo(List.of("persistence-3.1", "mail"));
        assertThat(attributes.problems()).isEmpty();
    }

    @Test
    void aWarThatWasNotMadeAsAnAgentIsReachedAtItsOwnPaths() {
        agent(0, Map.of("name", "hello", "pingPath", "/health/ready?a=%20", "invocationsPath", "/api/orders;v=1"));
        agent(1, Map.of("name", "other"));
        assertThat(read().agents()).extracting(AgentConfig::paths)
                .containsExactly(new AgentPaths("/health/ready?a=%20", "/api/orders;v=1"), AgentPaths.STANDARD);
        assertThat(attributes.problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ping", "//evil.example/ping", "http://evil.example/", "/a b", "/a\r\nHost: b", "/a#b", "/é", "/%zz", "/\\", "/a\"b"})
    void whatIsNoPathOfAWarIsToldAndPassedOver(String path) {
        agent(0, Map.of("name", "hello", "pingPath", path, "invocationsPath", path));
        assertThat(read().agents()).extracting(AgentConfig::paths).containsExactly(AgentPaths.STANDARD);
        assertThat(attributes.problems()).hasSize(2).allMatch(problem -> problem.contains("<agent name=\"hello\">"))
                .anyMatch(problem -> problem.contains("pingPath")).anyMatch(problem -> problem.contains("invocationsPath"));
    }

    @Test
    void anAgentSeesItsCallersTokensOnlyWhereThatIsSaid() {
        agent(0, Map.of("name", "hello", "passToken", "true"));
        agent(1, Map.of("name", "other"));
        agent(2, Map.of("name", "third", "passToken", "yes"));
        AgentSettings settings = read();
        assertThat(settings.passesToken("hello")).isTrue();
        assertThat(List.of("other", "third", "dropped-in")).noneMatch(settings::passesToken);
        assertThat(attributes.problems()).singleElement().asString().contains("passToken", "third");
    }

    @Test
    void anAgentIsNamedAfterItsWarUnlessItSaysOtherwise() {
        agent(0, Map.of("name", "hello"));
        assertThat(read().agents()).extracting(AgentConfig::location).containsExactly(Path.of("/agents/hello.war"));
    }

    @Test
    void anAgentWithAWrongNameIsLeftOutAndTheOthersStay() {
        agent(0, Map.of("name", "1st"));
        agent(1, Map.of("name", "second"));
        agent(2, Map.of("name", "second", "location", "other.war"));
        assertThat(read().agents()).extracting(AgentConfig::location).containsExactly(Path.of("/agents/second.war"));
        assertThat(attributes.problems()).hasSize(2).anyMatch(problem -> problem.contains("1st"))
                .anyMatch(problem -> problem.contains("two <agent> elements of the name second"));
    }

    @Test
    void anAgentsOwnPoolCountsBeforeThePlatforms() {
        properties.put("poolMin", "2");
        properties.put("poolMax", "2");
        agent(0, Map.of("name", "own", "poolMin", "0", "poolMax", "0"));
        agent(1, Map.of("name", "other"));
        assertThat(read().pool("own")).isEqualTo(new PoolBounds(0, 0));
        assertThat(read().pool("other")).isEqualTo(new PoolBounds(2, 2));
        assertThat(read().pool("dropped-in")).isEqualTo(new PoolBounds(2, 2));
    }

    @Test
    void anAgentThatKeepsTenantsApartHasNoPool() {
        agent(0, Map.of("name", "apart", "sharing", "tenant", "poolMin", "2"));
        AgentSettings settings = read();
        assertThat(settings.sharing("apart")).isEqualTo(Sharing.TENANT);
        assertThat(settings.sharing("dropped-in")).isEqualTo(Sharing.VERSION);
        assertThat(settings.pool("apart")).isEqualTo(new PoolBounds(0, 0));
        assertThat(attributes.problems()).singleElement().asString().contains("poolMin").contains("sharing");
    }

    /** The value is taken for tenant, and the name for that of the attribute: somebody wanted something. */
    @ParameterizedTest
    @CsvSource({"sharing, tenat", "sharing, Tenant", "sharring, tenant", "Sharing, tenant", "sharng, version"})
    void whatIsMistypedKeepsTenantsApart(String attribute, String value) {
        agent(0, Map.of("name", "apart", attribute, value));
        assertThat(read().sharing("apart")).isEqualTo(Sharing.TENANT);
        assertThat(attributes.problems()).anySatisfy(problem -> assertThat(problem).startsWith("The attribute sharing of <agent apart> ")
                .endsWith("Until it is corrected the agent's tenants are kept apart."));
    }

    @Test
    void boundsOfAPoolAreInOrder() {
        assertThatThrownBy(() -> new PoolBounds(3, 2)).hasMessageContaining("poolMin 3 and poolMax 2");
        assertThatThrownBy(() -> new PoolBounds(-1, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesAreThoseOfAgentCoreAndMayHoldHyphens() {
        assertThat(List.of("a", "A1_b-c", "a".repeat(48))).allMatch(name -> AgentConfig.nameProblem(name).isEmpty());
        assertThat(List.of("", "1a", "-a", "a.b", "a b", "ä", "a/b", "a".repeat(49)))
                .allMatch(name -> AgentConfig.nameProblem(name).isPresent());
    }

    private void agent(int index, Map<String, String> attributesOfAgent) {
        attributesOfAgent.forEach((name, value) -> properties.put("agent." + index + "." + name, value));
    }

    private AgentSettings read() {
        attributes = Attributes.of("agentRuntime", properties);
        return AgentSettings.read(attributes, Path.of("/server"));
    }
}

package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvironmentElementsTest {

    private static final String SECRET = "sk-1234567890";

    private final Map<String, Object> properties = new HashMap<>();
    private Attributes own;
    private int count;

    /** A password as Liberty hands it over. */
    public record Password(String text) {

        public char[] getChars() {
            return text.toCharArray();
        }

        @Override
        public String toString() {
            return "*****";
        }
    }

    @BeforeEach
    void agent() {
        properties.put("agent.0.name", "hello");
    }

    private void env(String name, String value) {
        properties.put("agent.0.env." + count + ".name", name);
        properties.put("agent.0.env." + count + ".value", new Password(value));
        count++;
    }

    private AgentSettings settings() {
        own = Attributes.of("agentRuntime", properties);
        return AgentSettings.read(own, Path.of("/server"));
    }

    private Map<String, String> variables() {
        return settings().environment("hello").variables();
    }

    @Test
    void aMistypedAttributeIsToldAndTheVariableCounts() {
        env("A", SECRET);
        properties.put("agent.0.env.0.secert", "false");
        assertThat(variables()).containsOnlyKeys("A");
        assertThat(own.problems()).singleElement().asString().contains("<env A> has no secert.", "Did you mean secret?").doesNotContain(SECRET);
    }

    @Test
    void variablesAreReadInTheirOrder() {
        env("MODEL", "gpt-4o");
        env("openai.api-key", SECRET);
        env("_EMPTY", "");
        assertThat(variables()).containsExactly(Map.entry("MODEL", "gpt-4o"), Map.entry("openai.api-key", SECRET), Map.entry("_EMPTY", ""));
        assertThat(own.problems()).isEmpty();
        assertThat(settings().environment("other").variables()).isEmpty();
    }

    @Test
    void noTextHasAValueUnlessItIsMarkedAsNotSecret() {
        env("KEY", SECRET);
        env("MODEL", "gpt-4o");
        properties.put("agent.0.env.1.secret", "false");
        AgentSettings settings = settings();
        Effective effective = new Effective();
        settings.describe(effective);
        assertThat(effective.text()).contains("env KEY=(not shown)", "env MODEL=gpt-4o").doesNotContain(SECRET);
        assertThat(settings.toString()).contains("KEY").doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATH", "path", "HOME", "LANG", "LC_ALL", "JAVA_HOME", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "JVM_ARGS",
            "LD_PRELOAD", "LD_LIBRARY_PATH", "WLP_USER_DIR", "http_proxy", "HTTPS_PROXY", "no_proxy", "HOSTNAME", "DOCKER_CONTAINER"})
    void whatTheGuestLivesByIsRefused(String name) {
        env(name, SECRET);
        env("GOOD", "x");
        assertThat(variables()).containsOnlyKeys("GOOD");
        assertThat(own.problems()).singleElement().asString().contains(name).contains("own").doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1A", "A=B", "A B", "A\nB", "Ä", "A$B", ".a"})
    void whatIsNoNameIsRefused(String name) {
        env(name, SECRET);
        assertThat(variables()).isEmpty();
        assertThat(own.problems()).singleElement().asString().contains("a name begins with").doesNotContain(SECRET);
    }

    @Test
    void oneWithoutAValueOrWithAZeroIsRefused() {
        properties.put("agent.0.env.0.name", "A");
        count = 1;
        env("B", "x\0y");
        assertThat(variables()).isEmpty();
        assertThat(own.problems()).hasSize(2);
    }

    @Test
    void aSecretThatStandsInTheWrongPlaceIsNotShown() {
        env("A", "x");
        properties.put("agent.0.env.0.secret", new Password(SECRET));
        assertThat(variables()).isEmpty();
        assertThat(own.problems()).singleElement().asString().contains("neither true nor false").doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{xor}LDo8LTor", "{aes}AEmVKa+jOeA7pos+sSfpHNmH1MVfwg8ZoV29iDi6I0ZGcov6hSZsAxMhFr91jTSBYQ==", "{aes-128}x", "{custom:mine}x"})
    void whatCannotBeDecodedIsLeftOutAndNotShown(String encoded) {
        env("A", encoded);
        assertThat(variables()).as("there is nothing to decode it outside of Liberty").isEmpty();
        assertThat(own.problems()).singleElement().asString().contains("<env name=\"A\">", "decode {")
                .doesNotContain(encoded.substring(encoded.indexOf('}') + 1) + " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{name}", "{\"json\":true}", "Bearer {xor}LDo8LTor", "{xor", "{hash}x", "a{xor}b"})
    void whatOnlyLooksEncodedStandsForItself(String value) {
        env("A", value);
        assertThat(variables()).containsExactly(Map.entry("A", value));
    }

    @Test
    void theSecondOfOneNameIsLeftOut() {
        env("A", "1");
        env("A", "2");
        assertThat(variables()).containsExactly(Map.entry("A", "1"));
        assertThat(own.problems()).singleElement().asString().contains("of this name already");
    }

    @Test
    void thereAreBoundsForNumberAndSize() {
        for (int n = 0; n < 201; n++) {
            env("A" + n, "x");
        }
        assertThat(variables()).hasSize(200);
        assertThat(own.problems()).singleElement().asString().contains("200 variables at most");
        properties.keySet().removeIf(key -> key.contains(".env."));
        count = 0;
        env("A", "書".repeat(20_000));
        env("B", "x".repeat(1430));
        env("C", "x".repeat(20));
        assertThat(variables()).containsOnlyKeys("A", "B");
        assertThat(own.problems()).singleElement().asString().contains("61440 bytes");
    }

    @Test
    void eachAgentHasItsOwn() {
        env("A", "1");
        properties.put("agent.1.name", "other");
        properties.put("agent.1.env.0.name", "A");
        properties.put("agent.1.env.0.value", "2");
        AgentSettings settings = settings();
        assertThat(List.of("hello", "other")).extracting(agent -> settings.environment(agent).variables().get("A")).containsExactly("1", "2");
    }
}

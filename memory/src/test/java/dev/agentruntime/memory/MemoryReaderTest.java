package dev.agentruntime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.Attributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryReaderTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    private final Map<String, Object> properties = new HashMap<>(Map.of("name", "desk"));
    private List<String> problems = List.of();

    /** One of server.xml. */
    static MemoryRow memory(String name, Instant now) {
        return MemoryReader.read(Attributes.of("memory", Map.of("name", name)), now).orElseThrow();
    }

    private Optional<MemoryRow> read() {
        Attributes element = Attributes.of("memory", properties);
        Optional<MemoryRow> read = MemoryReader.read(element, NOW);
        problems = element.problems();
        return read;
    }

    private void strategy(int at, String... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            properties.put("strategy." + at + "." + pairs[i], pairs[i + 1]);
        }
    }

    private void assertLeftOut(String... parts) {
        assertThat(read()).isEmpty();
        assertThat(problems).singleElement().asString().contains("<memory name=").contains(parts).endsWith("It is left out.");
    }

    @Test
    void aNameIsEnough() {
        MemoryRow memory = read().orElseThrow();
        assertThat(memory.id()).isEqualTo("desk-configured");
        assertThat(memory.expiry()).isEqualTo(Duration.ofDays(30));
        assertThat(memory.strategies()).isEmpty();
        assertThat(memory.createdAt()).isEqualTo(NOW);
        assertThat(problems).isEmpty();
    }

    @Test
    void allOfItIsRead() {
        properties.put("description", "of the desk");
        properties.put("eventExpiry", "365d");
        strategy(0, "type", "user-preference");
        strategy(1, "type", "summary", "name", "sums", "namespace", "/sums/{actorId}/{sessionId}/", "description", "short");
        MemoryRow memory = read().orElseThrow();
        assertThat(memory.expiry()).isEqualTo(Duration.ofDays(365));
        assertThat(memory.settings().getString("description")).isEqualTo("of the desk");
        assertThat(memory.strategies()).extracting(Strategy::id).containsExactly("user_preference-configured", "sums-configured");
        assertThat(memory.strategies()).extracting(Strategy::type).containsExactly(StrategyType.USER_PREFERENCE, StrategyType.SUMMARIZATION);
        assertThat(memory.strategies().get(1).template()).isEqualTo("/sums/{actorId}/{sessionId}/");
        assertThat(MemoryReader.text(memory)).contains("365d").contains("sums-configured in /sums/");
        assertThat(problems).isEmpty();
    }

    @Test
    void theRulesAreThoseOfTheApi() {
        for (String name : List.of("", "1x", "a-b", "x".repeat(49))) {
            properties.put("name", name);
            assertLeftOut("name");
        }
        properties.put("name", "desk");
        for (String expiry : List.of("2d", "366d", "80h", "0")) {
            properties.put("eventExpiry", expiry);
            assertLeftOut("eventExpiry must be whole days from 3d to 365d");
        }
    }

    @Test
    void aStrategyThatCannotBeUsedIsToldByItsPlace() {
        strategy(0, "type", "telepathic");
        assertLeftOut("semantic, user-preference, summary or episodic", "'telepathic'");
        strategy(0, "type", "summary", "namespace", "/sums/{actorId}/");
        assertLeftOut("strategy[0]", "{sessionId}");
        strategy(0, "type", "semantic", "namespace", "/a/../b");
        assertLeftOut("must match the pattern");
        strategy(0, "type", "semantic", "namespace", "/a/");
        strategy(1, "type", "semantic");
        assertLeftOut("two strategies of the name semantic");
    }
}

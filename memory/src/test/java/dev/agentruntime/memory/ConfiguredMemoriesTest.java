package dev.agentruntime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ConfiguredMemoriesTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    private final ConfiguredMemories memories = new ConfiguredMemories();

    @Test
    void ofTwoWithOneNameItIsAlwaysTheSameThatIsServed() {
        MemoryRow later = MemoryReaderTest.memory("desk", NOW.plusSeconds(1));
        memories.put("pid-2", later);
        assertThat(memories.isTaken("pid-2", "desk-configured")).as("by itself").isFalse();
        MemoryRow first = MemoryReaderTest.memory("desk", NOW);
        assertThat(memories.isTaken("pid-1", "desk-configured")).isTrue();
        memories.put("pid-1", first);
        assertThat(memories.find("desk-configured")).contains(first);
        memories.remove("pid-1");
        assertThat(memories.find("desk-configured")).contains(later);
        assertThat(memories.isNamed("desk")).isTrue();
        assertThat(memories.isNamed("other")).isFalse();
    }
}

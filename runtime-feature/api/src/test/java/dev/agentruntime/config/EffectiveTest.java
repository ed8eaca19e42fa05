package dev.agentruntime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class EffectiveTest {

    @Test
    void valuesAreWrittenAsInServerXml() {
        assertThat(new Effective().add("idleTimeout", Duration.ofMinutes(90)).addBytes("memory", 1L << 30).add("most", 7).text())
                .isEqualTo("idleTimeout=1h30m, memory=1024m, most=7");
    }

    @Test
    void roomsShareANestedElement() {
        Effective effective = new Effective().add("most", 7);
        effective.nested("agent", "hello").add("vcpus", 1);
        effective.nested("agent", "other").add("vcpus", 2);
        effective.nested("agent", "hello").add("idleTimeout", Duration.ofSeconds(1));
        assertThat(effective.text()).isEqualTo(
                "most=7, agent[name=hello vcpus=1 idleTimeout=1s], agent[name=other vcpus=2]");
    }

    @Test
    void changedAttributesAreFoundByTheirText() {
        Effective before = new Effective().add("a", 1).add("b", 2);
        assertThat(new Effective().add("a", 1).add("b", 3).add("c", 4).changedSince(before)).containsExactly("b", "c");
    }
}

package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.agents.AgentSettings;
import dev.agentruntime.agents.Environment;
import dev.agentruntime.spi.SessionStart;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What sessions begin with. */
final class EnvironmentTest extends PlatformTestBase {

    private PlatformConfig with(Map<String, String> variables) {
        PlatformConfig config = config(hello());
        AgentSettings agents = config.agents();
        return new PlatformConfig(config.sessions(), new AgentSettings(agents.pool(), agents.dropins(), agents.dropinMemoryBytes(), agents.agents(),
                Map.of("hello", new Environment(variables, Set.of())), agents.copies()),
                config.health(), config.identity(), config.driver(), config.store());
    }

    private Map<String, String> begunWith(String session) {
        return served(session, ALICE).begun().map(SessionStart::environment).orElseThrow();
    }

    @Test
    void aSessionBeginsWithTheVariablesOfItsAgent() {
        startReady();
        assertThat(begunWith(ID)).isEmpty();
        platform.update(with(Map.of("MODEL", "a")));
        assertThat(begunWith(ID + "-2")).isEqualTo(Map.of("MODEL", "a"));
    }

    @Test
    void aChangeCountsForNewSessionsAndMakesNoNewTemplate() {
        startReady();
        platform.update(with(Map.of("MODEL", "a")));
        begunWith(ID);
        String before = platform.runtime("hello").digest().orElseThrow();
        int prepared = driver.prepared().size();
        platform.update(with(Map.of("MODEL", "b")));
        assertThat(begunWith(ID + "-2")).isEqualTo(Map.of("MODEL", "b"));
        assertThat(platform.runtime("hello").digest()).contains(before);
        assertThat(driver.prepared()).hasSize(prepared);
    }
}

package dev.agentruntime.agents;

import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The agent runtimes of the configuration. */
final class ConfiguredAgents implements AgentSource {

    private final Supplier<AgentSettings> settings;

    ConfiguredAgents(Supplier<AgentSettings> settings) {
        this.settings = settings;
    }

    @Override
    public Map<String, AgentConfig> agents() {
        return settings.get().agents().stream().collect(Collectors.toMap(AgentConfig::name, Function.identity()));
    }
}

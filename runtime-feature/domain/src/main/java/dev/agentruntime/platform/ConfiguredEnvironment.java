package dev.agentruntime.platform;

import dev.agentruntime.agents.AgentSettings;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionPart;
import dev.agentruntime.spi.SessionRoom;
import java.util.Map;
import java.util.function.Supplier;

/** Gives each session the variables that its agent is configured with when it begins. */
record ConfiguredEnvironment(Supplier<AgentSettings> settings) implements SessionRoom {

    @Override
    public String name() {
        return "environment";
    }

    @Override
    public SessionPart join(SessionFacts session) {
        Map<String, String> variables = settings.get().environment(session.runtime()).variables();
        return new SessionPart() {
            @Override
            public Map<String, String> environment() {
                return variables;
            }

            @Override
            public boolean takesStreams() {
                return false;
            }

            @Override
            public void close() {}
        };
    }
}

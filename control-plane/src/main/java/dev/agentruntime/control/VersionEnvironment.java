package dev.agentruntime.control;

import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionPart;
import dev.agentruntime.spi.SessionRoom;
import java.util.Map;
import java.util.function.Function;

/**
 * Gives each session the variables that its version was made with.
 *
 * @param variables those of an agent, by its name
 */
record VersionEnvironment(Function<String, Map<String, String>> variables) implements SessionRoom {

    @Override
    public String name() {
        return "control";
    }

    @Override
    public SessionPart join(SessionFacts session) {
        Map<String, String> own = variables.apply(session.agent());
        return new SessionPart() {
            @Override
            public Map<String, String> environment() {
                return own;
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

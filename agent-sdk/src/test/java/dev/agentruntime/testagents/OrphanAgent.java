package dev.agentruntime.testagents;

import dev.agentruntime.sdk.AgentEntrypoint;

/** Cannot be loaded from a WAR without {@link Greeter}. */
public class OrphanAgent extends Greeter {

    /** Never called. */
    @AgentEntrypoint
    public String invoke() {
        return greet();
    }
}

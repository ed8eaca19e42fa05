package dev.agentruntime.testagents;

import dev.agentruntime.sdk.AgentEntrypoint;

/** A second entrypoint, for a WAR that has one too many; returns nothing. */
public class EchoAgent {

    @AgentEntrypoint
    public void invoke(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("say something");
        }
    }
}

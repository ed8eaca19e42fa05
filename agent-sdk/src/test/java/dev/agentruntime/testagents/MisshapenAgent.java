package dev.agentruntime.testagents;

import dev.agentruntime.sdk.AgentContext;
import dev.agentruntime.sdk.AgentEntrypoint;

/** Its parameters are the wrong way round. */
public class MisshapenAgent {

    @AgentEntrypoint
    public String invoke(AgentContext context, String text) {
        return text;
    }
}

package dev.agentruntime.testagents;

import dev.agentruntime.sdk.AgentEntrypoint;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;

/** A bean that cannot be made. */
@ApplicationScoped
public class FailingAgent {

    @PostConstruct
    void start() {
        throw new IllegalStateException("no shelf to index");
    }

    /** Never called. */
    @AgentEntrypoint
    public String invoke() {
        return "never";
    }
}

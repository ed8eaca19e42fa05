package dev.agentruntime.testagents;

import dev.agentruntime.sdk.AgentEntrypoint;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;

/** A bean that must not be made before there is a session. */
@ApplicationScoped
public class LateAgent {

    @PostConstruct
    void start() {
        System.out.println("the late agent is made");
    }

    /** Makes the bean. */
    @AgentEntrypoint(early = false)
    public String invoke() {
        return "late";
    }
}

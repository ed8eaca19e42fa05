package dev.agentruntime.testagents;

import dev.agentruntime.sdk.AgentEntrypoint;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;

/** A bean; each request has a new one. */
@RequestScoped
public class BeanAgent {

    @Inject
    private Greeter greeter;

    private int calls;

    @AgentEntrypoint
    public String invoke() {
        calls++;
        return greeter.greet() + ", call " + calls + " of this bean";
    }
}

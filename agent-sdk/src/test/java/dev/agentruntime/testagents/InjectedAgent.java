package dev.agentruntime.testagents;

import dev.agentruntime.sdk.AgentEntrypoint;
import jakarta.annotation.PostConstruct;
import jakarta.inject.Inject;

/** No bean, and still injected. */
public class InjectedAgent {

    @Inject
    private Greeter greeter;

    private int calls;

    @PostConstruct
    void begin() {
        calls = 100;
    }

    @AgentEntrypoint
    public String invoke() {
        calls++;
        return greeter.greet() + ", call " + calls + " of this object";
    }
}

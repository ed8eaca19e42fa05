package dev.agentruntime.testagents;

import dev.agentruntime.sdk.AfterRestore;
import jakarta.enterprise.context.ApplicationScoped;

/** A bean with a hook, injected into the agents beside it. */
@ApplicationScoped
public class Greeter {

    private volatile String session = "template";

    @AfterRestore
    public void remember(String sessionId) {
        session = sessionId;
    }

    public String greet() {
        return "Hello from " + session;
    }
}

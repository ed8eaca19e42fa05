package dev.agentruntime.examples.hello;

import dev.agentruntime.sdk.AgentContext;
import dev.agentruntime.sdk.AgentEntrypoint;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Greets. Its counter is an ordinary field: every session has this object, and the machine around it, to itself. */
public class Hello {

    private final AtomicLong calls = new AtomicLong();

    @AgentEntrypoint
    public Reply invoke(Prompt prompt, AgentContext context) {
        if (prompt.fail() != null) {
            throw new IllegalStateException(prompt.fail());
        }
        if ("fail".equals(prompt.prompt())) {
            throw new IllegalStateException("The prompt asked for a failure");
        }
        String name = prompt.prompt() == null ? "stranger" : prompt.prompt();
        return new Reply("Hello, " + name + "!", calls.incrementAndGet(), context.sessionId(),
                Machine.hostName(), Machine.bootId(), UUID.randomUUID().toString());
    }
}

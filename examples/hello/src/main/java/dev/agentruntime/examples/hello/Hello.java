package dev.agentruntime.examples.hello;

import dev.agentruntime.sdk.AgentContext;
import dev.agentruntime.sdk.AgentEntrypoint;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Greets. Its counter is an ordinary field: every session has this object, and the machine around it, to itself. */
public class Hello {

    private final AtomicLong calls = new AtomicLong();

    @AgentEntrypoint(warmUp = "{\"prompt\": \"Ada\"}")
    public Reply invoke(Prompt prompt, AgentContext context) {
        if (prompt.fail() != null) {
            throw new IllegalStateException(prompt.fail());
        }
        if ("fail".equals(prompt.prompt())) {
            throw new IllegalStateException("The prompt asked for a failure");
        }
        String name = prompt.prompt() == null ? "stranger" : prompt.prompt();
        long call = context.isWarmUp() ? 0 : calls.incrementAndGet();
        return new Reply("Hello, " + name + "!", call, context.sessionId(),
                Machine.hostName(), Machine.bootId(), UUID.randomUUID().toString());
    }
}

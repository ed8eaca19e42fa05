package com.example;

import dev.agentruntime.sdk.AgentContext;
import dev.agentruntime.sdk.AgentEntrypoint;

public class Hello {

    public record Prompt(String prompt) {}

    public record Reply(String greeting) {}

    @AgentEntrypoint
    public Reply invoke(Prompt prompt, AgentContext context) {
        return new Reply("Hello, " + prompt.prompt() + "!");
    }
}

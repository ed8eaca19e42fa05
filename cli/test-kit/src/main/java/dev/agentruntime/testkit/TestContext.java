package dev.agentruntime.testkit;

import dev.agentruntime.sdk.AgentContext;
import dev.agentruntime.sdk.AgentTasks;
import dev.agentruntime.sdk.Caller;
import java.util.Map;
import java.util.Optional;

/** What a test says of a request. */
record TestContext(String sessionId, String requestId, Optional<Caller> caller, Map<String, String> headers, AgentTasks tasks) implements AgentContext {

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}

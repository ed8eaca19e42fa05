package dev.agentruntime.inbound;

import java.util.List;

/** What the rights of an {@code <accessKey>} can name. */
final class Rights {

    /** Of all rooms; the description of the HTTP API has the same. */
    static final List<String> OPERATIONS = List.of("GetOpenApi", "ListAgentRuntimes", "GetAgentRuntime", "InvokeAgentRuntime", "InvokeAgentRuntimeWithWebSocketStream",
            "InvokeAgentRuntimeCommand", "InvokeAgentRuntimeCommandShell", "ListRuntimeSessions", "GetRuntimeSession", "UpdateRuntimeSession", "ForkRuntimeSession",
            "StopRuntimeSession", "GetRuntimeSessionLogs", "ListRuntimeSessionConnections", "GetUsage", "CreateAgentRuntime", "UpdateAgentRuntime", "DeleteAgentRuntime",
            "ListAgentRuntimeVersions", "CreateAgentRuntimeEndpoint", "GetAgentRuntimeEndpoint", "ListAgentRuntimeEndpoints", "UpdateAgentRuntimeEndpoint",
            "DeleteAgentRuntimeEndpoint", "TagResource", "UntagResource", "ListTagsForResource", "PutArtifact");

    private Rights() {}

    /** Patterns that match no operation. */
    static List<String> unknown(List<Glob> patterns) {
        return patterns.stream().filter(pattern -> OPERATIONS.stream().noneMatch(pattern::matches)).map(Glob::pattern).toList();
    }
}

package dev.agentruntime.inbound;

import java.util.List;

/** What the rights of an {@code <accessKey>} can name. */
final class Rights {

    /** Of all rooms; the description of the HTTP API has the same. */
    static final List<String> OPERATIONS = List.of("GetOpenApi", "ListAgentRuntimes", "GetAgentRuntime", "InvokeAgentRuntime", "InvokeAgentRuntimeWithWebSocketStream",
            "InvokeAgentRuntimeCommand", "InvokeAgentRuntimeCommandShell", "ListRuntimeSessions", "GetRuntimeSession", "UpdateRuntimeSession", "ForkRuntimeSession", "HibernateRuntimeSession",
            "StopRuntimeSession", "GetRuntimeSessionLogs", "ListRuntimeSessionConnections", "GetUsage", "ListInvocationUsage", "CreateAgentRuntime", "UpdateAgentRuntime", "DeleteAgentRuntime",
            "ListAgentRuntimeVersions", "CreateAgentRuntimeEndpoint", "GetAgentRuntimeEndpoint", "ListAgentRuntimeEndpoints", "UpdateAgentRuntimeEndpoint",
            "DeleteAgentRuntimeEndpoint", "TagResource", "UntagResource", "ListTagsForResource", "PutArtifact", "CreateWorkloadIdentity", "GetWorkloadIdentity",
            "UpdateWorkloadIdentity", "DeleteWorkloadIdentity", "ListWorkloadIdentities", "CreateApiKeyCredentialProvider", "GetApiKeyCredentialProvider",
            "UpdateApiKeyCredentialProvider", "DeleteApiKeyCredentialProvider", "ListApiKeyCredentialProviders", "CreateOauth2CredentialProvider",
            "GetOauth2CredentialProvider", "UpdateOauth2CredentialProvider", "DeleteOauth2CredentialProvider", "ListOauth2CredentialProviders",
            "GetWorkloadAccessToken", "GetWorkloadAccessTokenForJWT", "GetWorkloadAccessTokenForUserId", "GetResourceApiKey",
            "GetResourceOauth2Token", "CompleteResourceTokenAuth", "ListGrants", "DeleteGrant", "CreateMemory", "GetMemory", "UpdateMemory", "DeleteMemory",
            "ListMemories", "CreateEvent", "GetEvent", "DeleteEvent", "ListEvents", "ListSessions", "ListActors", "DeleteActor",
            "BatchCreateMemoryRecords", "BatchUpdateMemoryRecords", "BatchDeleteMemoryRecords", "GetMemoryRecord", "DeleteMemoryRecord", "ListMemoryRecords",
            "RetrieveMemoryRecords");

    private Rights() {}

    /** Patterns that match no operation. */
    static List<String> unknown(List<Glob> patterns) {
        return patterns.stream().filter(pattern -> OPERATIONS.stream().noneMatch(pattern::matches)).map(Glob::pattern).toList();
    }
}

package dev.agentruntime.client;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Workload identities, credential providers and grants, on servers with the feature {@code agentIdentity-1.0}. Thread-safe; blocks.
 * All throw {@link AgentRuntimeException}; without the feature, everything is not found.
 */
public final class IdentityClient {

    private static final String WORKLOAD = "WorkloadIdentity";
    private static final String GRANTS = "/identities/grants";

    private final Transport transport;

    IdentityClient(Transport transport) {
        this.transport = transport;
    }

    /** Whether the server has the feature. */
    public boolean isThere() {
        return Rooms.isThere(transport, Call.of("GET", GRANTS).with("maxResults", "1"));
    }

    /** Those of agent runtimes too. */
    public List<WorkloadInfo> workloads() {
        return list("ListWorkloadIdentities", "workloadIdentities").stream().map(WorkloadInfo::new).toList();
    }

    public WorkloadInfo workload(String name) {
        return new WorkloadInfo(named("Get" + WORKLOAD, name));
    }

    /** @param returnUrls to which users may be sent back after they have consented */
    public WorkloadInfo createWorkload(String name, Collection<String> returnUrls) {
        return new WorkloadInfo(done("Create" + WORKLOAD, workload(name, returnUrls)));
    }

    /** @param returnUrls all of them from now on */
    public WorkloadInfo updateWorkload(String name, Collection<String> returnUrls) {
        return new WorkloadInfo(done("Update" + WORKLOAD, workload(name, returnUrls)));
    }

    private static JsonObject workload(String name, Collection<String> returnUrls) {
        return Json.createObjectBuilder().add("name", name).add("allowedResourceOauth2ReturnUrls", Json.createArrayBuilder(returnUrls)).build();
    }

    /** With what the vault has for it. */
    public void deleteWorkload(String name) {
        named("Delete" + WORKLOAD, name);
    }

    public List<ProviderInfo> providers(ProviderType type) {
        return list("List" + type.operation() + "s", "credentialProviders").stream().map(json -> new ProviderInfo(type, json)).toList();
    }

    public ProviderInfo provider(ProviderType type, String name) {
        return new ProviderInfo(type, named("Get" + type.operation(), name));
    }

    /** @param settings the members of {@code CreateApiKeyCredentialProvider} or {@code CreateOauth2CredentialProvider} */
    public ProviderInfo createProvider(ProviderType type, JsonObject settings) {
        return new ProviderInfo(type, done("Create" + type.operation(), settings));
    }

    /** @param settings the members of {@code UpdateApiKeyCredentialProvider} or {@code UpdateOauth2CredentialProvider}: all but {@code allowedWorkloads}, which stay as they are where they are left out */
    public ProviderInfo updateProvider(ProviderType type, JsonObject settings) {
        return new ProviderInfo(type, done("Update" + type.operation(), settings));
    }

    /** With its secret, and the grants that users have given for it. */
    public void deleteProvider(ProviderType type, String name) {
        named("Delete" + type.operation(), name);
    }

    /**
     * The caller's own, or all for an administrator.
     *
     * @param filter of the parameters of {@code GET /identities/grants}: {@code workloadName}, {@code resourceCredentialProviderName}, {@code issuer},
     *               {@code subject}
     */
    public List<GrantInfo> grants(Map<String, String> filter) {
        return Pages.all(transport, "grants", GrantInfo::new, next -> {
            Call call = Call.of("GET", GRANTS).with("nextToken", next);
            for (Map.Entry<String, String> parameter : filter.entrySet()) {
                call = call.with(parameter.getKey(), parameter.getValue());
            }
            return call;
        });
    }

    /** Takes a grant back: the next request of the agent asks its user for consent. */
    public void revoke(String grantId) {
        transport.json(Call.of("DELETE", GRANTS + "/{}", grantId));
    }

    private List<JsonObject> list(String operation, String name) {
        return Pages.all(transport, name, json -> json, next -> call(operation, next.isEmpty() ? JsonValue.EMPTY_JSON_OBJECT
                : Json.createObjectBuilder().add("nextToken", next).build()));
    }

    private JsonObject named(String operation, String name) {
        return done(operation, Json.createObjectBuilder().add("name", name).build());
    }

    private JsonObject done(String operation, JsonObject input) {
        return transport.json(call(operation, input));
    }

    private static Call call(String operation, JsonObject input) {
        return Call.of("POST", "/identities/" + operation).with(Payload.of(input), "application/json");
    }
}

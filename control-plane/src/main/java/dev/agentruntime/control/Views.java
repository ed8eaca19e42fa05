package dev.agentruntime.control;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.WorkloadIdentities;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers as AgentCore's clients read them. What they do not know, such as the artifact's digest, they leave out.
 *
 * @param identities of agent runtimes; empty while no room has any
 */
record Views(Arns arns, Supplier<Optional<WorkloadIdentities>> identities) {

    private static final List<String> DESCRIBING = List.of("agentRuntimeArtifact", "roleArn", "networkConfiguration", "description",
            "authorizerConfiguration", "requestHeaderConfiguration", "protocolConfiguration", "lifecycleConfiguration",
            "metadataConfiguration", "environmentVariables", "filesystemConfigurations", "hooksConfiguration", "resourceConfigurations");
    private static final int IDLE_SECONDS = 900;
    private static final int LIFETIME_SECONDS = 28_800;

    /** What is asked of a version, with the values that count where nothing was said. */
    static JsonObject settings(JsonObject input) {
        JsonObjectBuilder settings = Json.createObjectBuilder();
        DESCRIBING.stream().filter(name -> input.containsKey(name) && !input.isNull(name))
                .forEach(name -> settings.add(name, input.get(name)));
        if (!input.containsKey("networkConfiguration")) {
            settings.add("networkConfiguration", Json.createObjectBuilder().add("networkMode", "PUBLIC"));
        }
        if (!input.containsKey("protocolConfiguration")) {
            settings.add("protocolConfiguration", Json.createObjectBuilder().add("serverProtocol", "HTTP"));
        }
        JsonObject lifecycle = input.get("lifecycleConfiguration") instanceof JsonObject given ? given : JsonValue.EMPTY_JSON_OBJECT;
        return settings.add("lifecycleConfiguration", Json.createObjectBuilder()
                .add("idleRuntimeSessionTimeout", idleSeconds(lifecycle)).add("maxLifetime", longestSeconds(lifecycle))).build();
    }

    static int longestSeconds(JsonObject lifecycle) {
        return lifecycle.getInt("maxLifetime", LIFETIME_SECONDS);
    }

    static int idleSeconds(JsonObject lifecycle) {
        return lifecycle.getInt("idleRuntimeSessionTimeout", Math.min(IDLE_SECONDS, longestSeconds(lifecycle)));
    }

    /** Of a runtime that is being made or changed. */
    JsonObject changed(RuntimeRow runtime, VersionRow version) {
        return identified(runtime.id(), head(runtime.id(), version.number(), runtime.status()).add("createdAt", time(runtime.createdAt()))
                .add("lastUpdatedAt", time(runtime.updatedAt())).add("artifactDigest", "sha256:" + version.digest())).build();
    }

    /** A version in full. Of the latest one the runtime's own status is told. */
    JsonObject runtime(RuntimeRow runtime, VersionRow version) {
        boolean latest = runtime.latest() == version.number();
        JsonObjectBuilder view = identified(runtime.id(), head(runtime.id(), version.number(), latest ? runtime.status() : version.status()))
                .add("agentRuntimeName", runtime.name())
                .add("createdAt", time(runtime.createdAt()))
                .add("lastUpdatedAt", time(latest ? runtime.updatedAt() : version.updatedAt()))
                .add("artifactDigest", "sha256:" + version.digest())
                .addAll(Json.createObjectBuilder(version.settings()));
        String failure = latest ? runtime.failure() : version.failure();
        return (failure.isEmpty() ? view : view.add("failureReason", failure)).build();
    }

    JsonObject summary(RuntimeRow runtime, VersionRow version) {
        boolean latest = runtime.latest() == version.number();
        return head(runtime.id(), version.number(), latest ? runtime.status() : version.status())
                .add("agentRuntimeName", runtime.name())
                .add("description", version.settings().getString("description", ""))
                .add("lastUpdatedAt", time(latest ? runtime.updatedAt() : version.updatedAt()))
                .add("artifactDigest", "sha256:" + version.digest()).build();
    }

    JsonObject readOnly(String id, AgentRuntimeView view, Instant since) {
        JsonObjectBuilder shown = identified(view.name(), head(id, 1, Status.valueOf(view.status().name())))
                .add("agentRuntimeName", view.name()).add("description", "Configured on the server; read-only here.")
                .add("createdAt", time(since)).add("lastUpdatedAt", time(since)).add("roleArn", "arn:aws:iam:::role/server")
                .add("networkConfiguration", Json.createObjectBuilder().add("networkMode", "PUBLIC"))
                .add("protocolConfiguration", Json.createObjectBuilder().add("serverProtocol", "HTTP"))
                .add("lifecycleConfiguration", Json.createObjectBuilder()
                        .add("idleRuntimeSessionTimeout", IDLE_SECONDS).add("maxLifetime", LIFETIME_SECONDS))
                .add("readOnly", true);
        view.digest().ifPresent(digest -> shown.add("artifactDigest", "sha256:" + digest));
        if (view.status() == AgentRuntimeView.Status.CREATE_FAILED) {
            shown.add("failureReason", view.statusReason());
        }
        return shown.build();
    }

    /** @param name the runtime's, under which its identity is */
    private JsonObjectBuilder identified(String name, JsonObjectBuilder view) {
        identities.get().ifPresent(room -> view.add("workloadIdentityDetails", Json.createObjectBuilder().add("workloadIdentityArn", room.arn(name))));
        return view;
    }

    private JsonObjectBuilder head(String id, int version, Status status) {
        return Json.createObjectBuilder().add("agentRuntimeArn", arns.runtime(id)).add("agentRuntimeId", id)
                .add("agentRuntimeVersion", Integer.toString(version)).add("status", status.name());
    }

    /** An endpoint, with the names that each of the operations gives its parts. */
    JsonObject endpoint(EndpointRow row) {
        JsonObjectBuilder view = Json.createObjectBuilder()
                .add("name", row.name()).add("endpointName", row.name()).add("id", row.name()).add("agentRuntimeId", row.runtime())
                .add("agentRuntimeArn", arns.runtime(row.runtime()))
                .add("agentRuntimeEndpointArn", arns.endpoint(row.runtime(), row.name()))
                .add("targetVersion", Integer.toString(row.target())).add("status", row.status().name())
                .add("createdAt", time(row.createdAt())).add("lastUpdatedAt", time(row.updatedAt()));
        row.live().ifPresent(live -> view.add("liveVersion", Integer.toString(live)));
        if (!row.description().isEmpty()) {
            view.add("description", row.description());
        }
        if (!row.failure().isEmpty()) {
            view.add("failureReason", row.failure());
        }
        return view.build();
    }

    static JsonObject list(String name, List<JsonObject> items, Optional<String> next) {
        JsonObjectBuilder list = Json.createObjectBuilder().add(name, Json.createArrayBuilder(items));
        next.ifPresent(token -> list.add("nextToken", token));
        return list.build();
    }

    /** As this service writes times, other than the one that agents are invoked through: ISO 8601. */
    private static JsonValue time(Instant time) {
        return Json.createValue(time.toString());
    }
}

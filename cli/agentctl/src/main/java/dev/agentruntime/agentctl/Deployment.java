package dev.agentruntime.agentctl;

import dev.agentruntime.client.VersionInfo;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is asked of an agent's next version; what is not said stays as it is.
 *
 * @param given           members of the control API that count before those of the version before
 * @param idleSeconds     how long its sessions may be idle
 * @param lifetimeSeconds how long they may live
 * @param memory          of their VMs, in MiB
 */
record Deployment(JsonObject given, Variables variables, Optional<String> description, OptionalInt idleSeconds, OptionalInt lifetimeSeconds, OptionalInt memory) {

    /** What an update has to name again. */
    private static final List<String> KEPT = List.of("roleArn", "networkConfiguration", "description", "authorizerConfiguration",
            "requestHeaderConfiguration", "protocolConfiguration", "lifecycleConfiguration", "metadataConfiguration", "environmentVariables",
            "hooksConfiguration", "resourceConfigurations", "agentRuntimeArtifact");
    /** What only the first version is told: an agent keeps its tags. */
    private static final String TAGS = "tags";
    private static final List<String> ELSEWHERE = List.of("agentRuntimeName", TAGS);
    private static final String ENVIRONMENT = "environmentVariables";
    private static final String LIFECYCLE = "lifecycleConfiguration";

    /** All members of an agent runtime that is new. AgentCore wants a role and a network; here nothing follows from them. */
    JsonObject first(String name, String uri) {
        JsonObject nothing = Json.createObjectBuilder().add("agentRuntimeName", name).add("roleArn", "arn:aws:iam::000000000000:role/agentctl")
                .add("networkConfiguration", Json.createObjectBuilder().add("networkMode", "PUBLIC")).build();
        JsonObjectBuilder settings = changed(Json.createObjectBuilder(nothing), nothing, uri);
        Optional.ofNullable(given.get(TAGS)).ifPresent(tags -> settings.add(TAGS, tags));
        return settings.build();
    }

    /**
     * {@code given}, all of which counts.
     *
     * @throws Problem something in it is no member of the control API, and would be left out unsaid
     */
    static JsonObject known(JsonObject given, Path file) {
        List<String> unknown = given.keySet().stream().filter(name -> !KEPT.contains(name) && !ELSEWHERE.contains(name)).toList();
        if (!unknown.isEmpty()) {
            throw new Problem(ExitCode.USAGE, "The settings in " + file + " have " + Text.plain(String.join(", ", unknown)) + ", which is no setting. There are "
                    + Stream.concat(ELSEWHERE.stream(), KEPT.stream()).sorted().collect(Collectors.joining(", ")) + ".");
        }
        return given;
    }

    /** All members of the next version of one. */
    JsonObject next(VersionInfo version, String uri) {
        return changed(kept(version), version.json(), uri).build();
    }

    /** What a version was made of. */
    static JsonObjectBuilder kept(VersionInfo version) {
        JsonObjectBuilder kept = Json.createObjectBuilder();
        KEPT.stream().filter(version.json()::containsKey).forEach(name -> kept.add(name, version.json().get(name)));
        return kept;
    }

    private JsonObjectBuilder changed(JsonObjectBuilder settings, JsonObject version, String uri) {
        KEPT.stream().filter(given::containsKey).forEach(name -> settings.add(name, given.get(name)));
        JsonObject before = Json.createObjectBuilder(version).addAll(Json.createObjectBuilder(given)).build();
        settings.add("agentRuntimeArtifact", Json.createObjectBuilder().add("containerConfiguration", Json.createObjectBuilder().add("containerUri", uri)));
        description.ifPresent(text -> settings.add("description", text));
        if (!variables.values().isEmpty()) {
            settings.add(ENVIRONMENT, variables.over(object(before, ENVIRONMENT)));
        }
        if (idleSeconds.isPresent() || lifetimeSeconds.isPresent()) {
            JsonObjectBuilder lifecycle = Json.createObjectBuilder(object(before, LIFECYCLE));
            idleSeconds.ifPresent(seconds -> lifecycle.add("idleRuntimeSessionTimeout", seconds));
            lifetimeSeconds.ifPresent(seconds -> lifecycle.add("maxLifetime", seconds));
            settings.add(LIFECYCLE, lifecycle);
        }
        memory.ifPresent(mebibytes -> settings.add("resourceConfigurations", Json.createArrayBuilder()
                .add(Json.createObjectBuilder().add("minimumMemoryInMiB", mebibytes))));
        return settings;
    }

    private static JsonObject object(JsonObject of, String name) {
        return of.get(name) instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }
}

package dev.agentruntime.agentctl;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads what a project of AgentCore's says of its agents: {@code agentcore.json}, or the starter toolkit's YAML. JSON is YAML too. */
final class Imports {

    private static final int MOST_CHARACTERS = 4 << 20;
    /** What is about code that no WAR is made of, and about AWS's way to build it. */
    private static final List<String> OF_THE_BUILD = List.of("build", "entrypoint", "codeLocation", "dockerfile", "runtimeVersion", "language", "framework", "type",
            "modelProvider", "node_version", "deployment_type", "runtime_type", "platform", "container_runtime", "source_path", "codebuild", "bedrock_agentcore",
            "instrumentation", "is_generated_by_agentcore_create", "api_key_env_var_name", "api_key_credential_provider_name");
    private static final String MEMORY = "memories are not made from here: 'agentctl memory create' makes one where the server has usr:agentMemory-1.0";
    private static final String CREDENTIALS = "credentials are not carried over: 'agentctl identity providers' makes them, and an <outbound> of the <agent> uses them";
    private static final String NETWORK = "a guest has no network; what it may reach is its <outbound> and <allow> elements";
    private static final Map<String, String> ELSEWHERE = Map.of(
            "memory", MEMORY,
            "memories", MEMORY,
            "credentials", CREDENTIALS,
            "identity", CREDENTIALS,
            "oauth_configuration", CREDENTIALS,
            "networkMode", NETWORK,
            "network_configuration", NETWORK,
            "vpcConfig", NETWORK,
            "filesystemConfigurations", "a session's files are in its memory, and end with it");

    private Imports() {}

    /**
     * An agent.
     *
     * @param settings members of the control API
     * @param left     what was not carried over, each a sentence
     */
    record Agent(String name, JsonObject settings, List<String> left) {}

    /** @throws Problem it is neither */
    static List<Agent> of(String text, String file) {
        Map<String, Object> project = read(text, file);
        List<String> ofProject = new ArrayList<>();
        project.forEach((name, value) -> {
            if (!List.of("runtimes", "agents", "default_agent", "name", "version", "managedBy", "tags", "$schema").contains(name) && !isNothing(value)) {
                ofProject.add(name + ": " + ELSEWHERE.getOrDefault(name, "there is no such thing here"));
            }
        });
        List<Agent> agents = new ArrayList<>();
        Object listed = project.getOrDefault("runtimes", project.get("agents"));
        Collection<?> all = listed instanceof Map<?, ?> named ? named.values() : listed instanceof List<?> list ? list : List.of();
        all.forEach(one -> agents.add(agent(map(one), ofProject)));
        agents.stream().map(Agent::name).filter(name -> agents.stream().filter(agent -> agent.name().equals(name)).count() > 1).findFirst().ifPresent(name -> {
            throw new Problem(ExitCode.INVALID, file + " has two agents of the name " + name + ". Change one of them.");
        });
        if (agents.isEmpty()) {
            throw new Problem(ExitCode.INVALID, file + " has no agents: neither 'runtimes' nor 'agents'. It is to be agentcore.json, or .bedrock_agentcore.yaml.");
        }
        return agents;
    }

    private static Map<String, Object> read(String text, String file) {
        try {
            Object project = new Load(LoadSettings.builder().setCodePointLimit(MOST_CHARACTERS).setMaxAliasesForCollections(20).setAllowDuplicateKeys(false).build()).loadFromString(text);
            if (isInItself(project, Collections.newSetFromMap(new IdentityHashMap<>()))) {
                throw new Problem(ExitCode.INVALID, file + " has something in it that is a part of itself.");
            }
            return map(project);
        } catch (YamlEngineException e) {
            throw new Problem(ExitCode.INVALID, file + " is neither JSON nor YAML: " + Text.plain(e.getMessage()), e);
        }
    }

    /** As an alias of YAML's allows. @param around what {@code value} is in */
    private static boolean isInItself(Object value, Set<Object> around) {
        Collection<?> inside = value instanceof Map<?, ?> map ? map.values() : value instanceof Collection<?> list ? list : List.of();
        if (inside.isEmpty()) {
            return false;
        }
        boolean found = !around.add(value) || inside.stream().anyMatch(part -> isInItself(part, around));
        around.remove(value);
        return found;
    }

    private static Map<String, Object> map(Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> other) {
            other.forEach((name, of) -> map.put(String.valueOf(name), of));
        }
        return map;
    }

    private static boolean isNothing(Object value) {
        return value == null || value instanceof Collection<?> list && list.isEmpty() || value instanceof Map<?, ?> map && map.values().stream().allMatch(Imports::isNothing);
    }

    private static Agent agent(Map<String, Object> said, List<String> ofProject) {
        Map<String, Object> rest = new LinkedHashMap<>(said);
        Map<String, Object> aws = map(rest.remove("aws"));
        List<String> left = new ArrayList<>(ofProject);
        if (!(rest.remove("name") instanceof String named)) {
            throw new Problem(ExitCode.INVALID, "An agent of the project has no name.");
        }
        String name = Names.checked(named.replace('-', '_'), "Change it in the project.");
        JsonObjectBuilder settings = Json.createObjectBuilder().add("agentRuntimeName", name);
        text(rest.remove("description"), "description", settings);
        environment(rest.remove("envVars"), settings);
        Object protocol = rest.containsKey("protocol") ? rest.remove("protocol") : map(aws.remove("protocol_configuration")).get("server_protocol");
        protocol(protocol, settings, left);
        authorizer(rest, settings, left);
        headers(rest, settings);
        lifecycle(map(rest.remove("lifecycleConfiguration")), map(aws.remove("lifecycle_configuration")), settings);
        if (isMemoryless(rest.get("memory"))) {
            rest.remove("memory");
        }
        rest.putAll(of(aws, "network_configuration"));
        if (!"VPC".equals(rest.get("networkMode"))) {
            rest.remove("networkMode");
        }
        if (new TreeSet<>(rest.keySet()).removeAll(OF_THE_BUILD)) {
            left.add("the code: an agent here is a WAR; 'agentctl create " + name.replace('_', '-').toLowerCase(java.util.Locale.ROOT) + "' makes one to put it into");
        }
        rest.keySet().removeAll(OF_THE_BUILD);
        rest.forEach((member, value) -> {
            if (!isNothing(value)) {
                left.add(member + ": " + ELSEWHERE.getOrDefault(member, "there is no such thing here"));
            }
        });
        return new Agent(name, settings.build(), left);
    }

    private static Map<String, Object> of(Map<String, Object> aws, String member) {
        Object network = map(aws.get(member)).get("network_mode");
        return "VPC".equals(network) ? Map.of(member, aws.get(member)) : Map.of();
    }

    private static boolean isMemoryless(Object memory) {
        Object mode = memory instanceof Map<?, ?> map ? map.get("mode") : memory;
        return mode == null || List.of("NO_MEMORY", "none").contains(String.valueOf(mode));
    }

    private static void text(Object value, String member, JsonObjectBuilder settings) {
        if (value instanceof String text && !text.isEmpty()) {
            settings.add(member, text);
        }
    }

    private static void environment(Object variables, JsonObjectBuilder settings) {
        JsonObjectBuilder all = Json.createObjectBuilder();
        if (variables instanceof List<?> list) {
            list.forEach(one -> all.add(String.valueOf(map(one).get("name")), String.valueOf(map(one).getOrDefault("value", ""))));
        }
        JsonObject built = all.build();
        if (!built.isEmpty()) {
            settings.add("environmentVariables", built);
        }
    }

    private static void protocol(Object protocol, JsonObjectBuilder settings, List<String> left) {
        if ("A2A".equals(protocol)) {
            left.add("protocol A2A: it is not in this version");
        } else if (protocol != null) {
            settings.add("protocolConfiguration", Json.createObjectBuilder().add("serverProtocol", String.valueOf(protocol)));
        }
    }

    private static void authorizer(Map<String, Object> rest, JsonObjectBuilder settings, List<String> left) {
        Object type = rest.remove("authorizerType");
        Map<String, Object> authorizer = map(rest.containsKey("authorizerConfiguration") ? rest.remove("authorizerConfiguration") : rest.remove("authorizer_configuration"));
        Map<String, Object> jwt = map(authorizer.getOrDefault("customJwtAuthorizer", authorizer.get("customJWTAuthorizer")));
        if (!jwt.isEmpty()) {
            settings.add("authorizerConfiguration", Json.createObjectBuilder().add("customJWTAuthorizer", json(jwt)));
        } else if ("AWS_IAM".equals(type)) {
            left.add("authorizerType AWS_IAM: whoever signs does so with an <accessKey> of the server");
        }
    }

    private static void headers(Map<String, Object> rest, JsonObjectBuilder settings) {
        Object list = rest.remove("requestHeaderAllowlist");
        Object other = map(rest.remove("request_header_configuration")).get("requestHeaderAllowlist");
        Object all = list == null ? other : list;
        if (!isNothing(all)) {
            settings.add("requestHeaderConfiguration", Json.createObjectBuilder().add("requestHeaderAllowlist", json(all)));
        }
    }

    private static void lifecycle(Map<String, Object> camel, Map<String, Object> snake, JsonObjectBuilder settings) {
        JsonObjectBuilder lifecycle = Json.createObjectBuilder();
        seconds(camel.getOrDefault("idleRuntimeSessionTimeout", snake.get("idle_runtime_session_timeout")), "idleRuntimeSessionTimeout", lifecycle);
        seconds(camel.getOrDefault("maxLifetime", snake.get("max_lifetime")), "maxLifetime", lifecycle);
        JsonObject built = lifecycle.build();
        if (!built.isEmpty()) {
            settings.add("lifecycleConfiguration", built);
        }
    }

    private static void seconds(Object value, String member, JsonObjectBuilder lifecycle) {
        if (value instanceof Number number) {
            lifecycle.add(member, new BigDecimal(number.toString()));
        }
    }

    private static JsonValue json(Object value) {
        if (value instanceof Map<?, ?> object) {
            JsonObjectBuilder json = Json.createObjectBuilder();
            object.forEach((name, of) -> {
                if (!isNothing(of)) {
                    json.add(String.valueOf(name), json(of));
                }
            });
            return json.build();
        }
        if (value instanceof Collection<?> list) {
            var json = Json.createArrayBuilder();
            list.forEach(item -> json.add(json(item)));
            return json.build();
        }
        return value instanceof Boolean flag ? (flag ? JsonValue.TRUE : JsonValue.FALSE)
                : value instanceof Number number ? Json.createValue(new BigDecimal(number.toString())) : Json.createValue(String.valueOf(value));
    }
}

package dev.agentruntime.control;

import dev.agentruntime.config.Variables;
import dev.agentruntime.requests.FieldProblem;
import dev.agentruntime.spi.AgentPaths;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What AgentCore's requests may ask for and this platform does not do. It is refused, so that nobody relies on it. */
final class Unsupported {

    private Unsupported() {}

    /** @throws ControlException a member asks for something that is not done here */
    static void check(JsonObject input) {
        List<FieldProblem> problems = new ArrayList<>();
        refuse(problems, input, "capacityProviderConfiguration", "is not supported: sessions run on this server");
        if (input.get("filesystemConfigurations") instanceof JsonArray mounts && !mounts.isEmpty()) {
            problems.add(new FieldProblem("filesystemConfigurations", "must be empty: an agent's guest has no disk"));
        }
        if (input.get("protocolConfiguration") instanceof JsonObject protocol) {
            if (protocol.getString("serverProtocol").equals("A2A")) {
                problems.add(new FieldProblem("protocolConfiguration.serverProtocol", "must be HTTP, MCP or AGUI: A2A is not supported"));
            }
            if (!AgentPaths.isPath(protocol.getString("path", "/"))) {
                problems.add(new FieldProblem("protocolConfiguration.path", "must be a path on the agent's own host, such as /agent"));
            }
            if (protocol.getInt("port", 8080) != 8080) {
                problems.add(new FieldProblem("protocolConfiguration.port", "must be 8080, the port of the guest's server"));
            }
        }
        if (input.get("lifecycleConfiguration") instanceof JsonObject lifecycle && Views.idleSeconds(lifecycle) > Views.longestSeconds(lifecycle)) {
            problems.add(new FieldProblem("lifecycleConfiguration.idleRuntimeSessionTimeout", "must not be more than maxLifetime, which is "
                    + Views.longestSeconds(lifecycle)));
        }
        problems.addAll(Authorizers.problems(input));
        problems.addAll(Hooks.problems(input));
        problems.addAll(PassedHeaders.problems(input));
        if (input.get("environmentVariables") instanceof JsonObject variables) {
            checkVariables(problems, Runtimes.texts(variables));
        }
        if (!problems.isEmpty()) {
            throw ControlException.invalid(problems);
        }
    }

    private static void checkVariables(List<FieldProblem> problems, Map<String, String> variables) {
        int bytes = 0;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            bytes += (variable.getKey() + variable.getValue()).getBytes(StandardCharsets.UTF_8).length;
            Variables.nameProblem(variable.getKey())
                    .ifPresent(why -> problems.add(new FieldProblem("environmentVariables." + variable.getKey(), "cannot be set: " + why)));
        }
        if (bytes > Variables.MOST_BYTES) {
            problems.add(new FieldProblem("environmentVariables", "must have " + Variables.MOST_BYTES + " bytes together at most"));
        }
    }

    private static void refuse(List<FieldProblem> problems, JsonObject input, String member, String why) {
        if (input.containsKey(member) && !input.isNull(member)) {
            problems.add(new FieldProblem(member, why));
        }
    }
}

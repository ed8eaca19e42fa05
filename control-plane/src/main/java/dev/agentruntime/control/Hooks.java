package dev.agentruntime.control;

import dev.agentruntime.requests.FieldProblem;
import dev.agentruntime.spi.AgentPaths;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an agent wants to be asked while a version of it is prepared: AgentCore's {@code hooksConfiguration.build.warmup}. */
final class Hooks {

    private static final String FIELD = "hooksConfiguration.build.warmup.action.httpPost";
    private static final int PORT = 8080;

    private Hooks() {}

    /** The request that is sent once, before a version's template is taken. */
    static Optional<JsonObject> warmup(JsonObject settings) {
        return inside(settings, "hooksConfiguration").flatMap(hooks -> inside(hooks, "build")).flatMap(build -> inside(build, "warmup"))
                .flatMap(hook -> inside(hook, "action")).flatMap(action -> inside(action, "httpPost"));
    }

    private static Optional<JsonObject> inside(JsonObject object, String name) {
        return object.get(name) instanceof JsonObject part ? Optional.of(part) : Optional.empty();
    }

    /** What of it cannot be done. */
    static List<FieldProblem> problems(JsonObject input) {
        List<FieldProblem> problems = new ArrayList<>();
        warmup(input).ifPresent(hook -> {
            String path = hook.getString("path");
            String served = inside(input, "protocolConfiguration").map(protocol -> protocol.getString("path",
                    protocol.getString("serverProtocol").equals("MCP") ? "/mcp" : AgentPaths.STANDARD.invocations()))
                    .orElse(AgentPaths.STANDARD.invocations());
            if (path.equals(served) || path.equals(AgentPaths.STANDARD.ping())) {
                problems.add(new FieldProblem(FIELD + ".path", "must be another path than " + served + " and " + AgentPaths.STANDARD.ping()));
            }
            if (!AgentPaths.isPath(path)) {
                problems.add(new FieldProblem(FIELD + ".path", "must be a path on the agent's own host, such as /warmup"));
            }
            if (hook.getInt("port", PORT) != PORT) {
                problems.add(new FieldProblem(FIELD + ".port", "must be " + PORT + ", the port of the guest's server"));
            }
        });
        return problems;
    }
}

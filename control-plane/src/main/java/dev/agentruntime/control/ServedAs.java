package dev.agentruntime.control;

import dev.agentruntime.spi.AgentPaths;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** How a version is to be run, as its settings say. */
record ServedAs(long memoryBytes, AgentPaths paths, boolean passesToken, Set<String> headers, Duration idleTimeout, Duration maxLifetime) {

    private static final long MEBIBYTE = 1L << 20;
    private static final String TOKEN = "authorization";

    /** @param memoryBytes of a guest whose runtime asks for no more */
    static ServedAs of(JsonObject settings, long memoryBytes) {
        return new ServedAs(Math.max(memoryBytes, asked(settings)), paths(settings), headers(settings).contains(TOKEN), others(settings),
                seconds(settings, "idleRuntimeSessionTimeout"), seconds(settings, "maxLifetime"));
    }

    private static Duration seconds(JsonObject settings, String name) {
        return Duration.ofSeconds(settings.getJsonObject("lifecycleConfiguration").getInt(name));
    }

    private static long asked(JsonObject settings) {
        return settings.get("resourceConfigurations") instanceof JsonArray list && !list.isEmpty()
                ? list.getJsonObject(0).getInt("minimumMemoryInMiB", 0) * MEBIBYTE : 0;
    }

    private static AgentPaths paths(JsonObject settings) {
        JsonObject protocol = settings.getJsonObject("protocolConfiguration");
        String standard = protocol.getString("serverProtocol").equals("MCP") ? "/mcp" : AgentPaths.STANDARD.invocations();
        return new AgentPaths(AgentPaths.STANDARD.ping(), protocol.getString("path", standard), Hooks.warmup(settings).map(hook -> hook.getString("path")));
    }

    /** An agent sees its caller's token where its list of headers names that, as AgentCore has it. */
    private static Set<String> headers(JsonObject settings) {
        return settings.get("requestHeaderConfiguration") instanceof JsonObject headers
                && headers.get("requestHeaderAllowlist") instanceof JsonArray names
                ? names.getValuesAs(JsonString.class).stream().map(name -> name.getString().toLowerCase(Locale.ROOT)).collect(Collectors.toSet())
                : Set.of();
    }

    private static Set<String> others(JsonObject settings) {
        return headers(settings).stream().filter(name -> !name.equals(TOKEN)).collect(Collectors.toSet());
    }
}

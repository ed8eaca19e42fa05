package dev.agentruntime.invocation;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Cost;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Usage;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The JSON of what the front door shows. A field that has no value yet is left out. */
final class Views {

    private static final Pattern FOLDERS = Pattern.compile("(?<![\\w/.:])/(?:[^/\\s'\"]+/)+");

    private Views() {}

    /** {@code text} with the names of files in it, and not where they are on the host. */
    static String withoutFolders(String text) {
        return FOLDERS.matcher(text).replaceAll("");
    }

    static JsonObject runtimes(List<AgentRuntimeView> runtimes, Caller caller) {
        JsonArrayBuilder all = Json.createArrayBuilder();
        runtimes.forEach(runtime -> all.add(runtime(runtime, caller)));
        return Json.createObjectBuilder().add("runtimes", all).build();
    }

    /** Why an agent does not start is its administrators' matter: its log, and where things are on the host. */
    static JsonObject runtime(AgentRuntimeView runtime, Caller caller) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("name", runtime.name())
                .add("status", runtime.status().name());
        addUnlessEmpty(json, "statusReason", caller.admin() ? runtime.statusReason() : withoutFolders(runtime.statusReason()));
        if (caller.admin()) {
            json.add("log", lines(runtime.log()));
        }
        runtime.digest().ifPresent(digest -> json.add("digest", digest));
        runtime.startMode().ifPresent(mode -> json.add("startMode", lower(mode)));
        return json
                .add("liveSessions", runtime.liveSessions())
                .add("pooled", runtime.pooled())
                .build();
    }

    static JsonObject sessions(List<SessionView> sessions, Costs costs) {
        JsonArrayBuilder all = Json.createArrayBuilder();
        sessions.forEach(session -> all.add(session(session, costs)));
        return Json.createObjectBuilder().add("sessions", all).build();
    }

    static JsonObject session(SessionView session, Costs costs) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("sessionId", session.sessionId())
                .add("runtime", session.runtime());
        addUnlessEmpty(json, "digest", session.digest());
        json.add("status", capitalised(session.status()))
                .add("subject", session.subject().name())
                .add("issuer", session.subject().issuer())
                .add("createdAt", session.createdAt().toString())
                .add("lastActivityAt", session.lastActivityAt().toString());
        session.startMode().ifPresent(mode -> json.add("startMode", lower(mode)));
        session.startTime().ifPresent(took -> json.add("startMillis", took.toMillis()));
        session.vm().ifPresent(vm -> json.add("vm", vm));
        session.idleTimeout().ifPresent(timeout -> json.add("idleRuntimeSessionTimeout", timeout.toSeconds()));
        session.maxLifetime().ifPresent(lifetime -> json.add("maxLifetime", lifetime.toSeconds()));
        session.terminationReason().ifPresent(reason -> json.add("terminationReason", reason));
        json.add("usage", usage(session.usage()));
        costs.of(session.usage()).ifPresent(cost -> json.add("cost", cost(cost)));
        return json.build();
    }

    static JsonObject refusal(Refusal refusal) {
        JsonObjectBuilder json = Json.createObjectBuilder().add("message", refusal.message());
        refusal.agent().ifPresent(agent -> json
                .add("agentStatus", agent.status())
                .add("agentMessage", agent.words()));
        if (!refusal.log().isEmpty()) {
            json.add("log", lines(refusal.log()));
        }
        return json.build();
    }

    private static JsonObject cost(Cost cost) {
        return Json.createObjectBuilder().add("amount", cost.shown()).add("currency", cost.currency()).build();
    }

    private static JsonObject usage(Usage usage) {
        return Json.createObjectBuilder()
                .add("cpuSeconds", BigDecimal.valueOf(usage.cpuNanos(), 9))
                .add("vcpuSeconds", BigDecimal.valueOf(usage.vcpuNanos(), 9))
                .add("emulatorSeconds", BigDecimal.valueOf(usage.emulatorNanos(), 9))
                .add("platformSeconds", BigDecimal.valueOf(usage.platformNanos(), 9))
                .add("memoryGbSeconds", usage.memoryGigabyteSeconds(6))
                .add("peakMemoryBytes", usage.peakMemoryBytes())
                .add("invocations", usage.invocations())
                .add("source", lower(usage.source()))
                .build();
    }

    private static void addUnlessEmpty(JsonObjectBuilder json, String name, String text) {
        if (!text.isEmpty()) {
            json.add(name, text);
        }
    }

    private static JsonArray lines(List<String> lines) {
        return Json.createArrayBuilder(lines).build();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String capitalised(Enum<?> value) {
        return value.name().charAt(0) + lower(value).substring(1);
    }
}

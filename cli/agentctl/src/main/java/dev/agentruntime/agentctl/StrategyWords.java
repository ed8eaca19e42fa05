package dev.agentruntime.agentctl;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What is made of events, in the words of server.xml. */
final class StrategyWords {

    /** The words, and the members of requests. */
    private static final Map<String, String> MEMBERS = new LinkedHashMap<>();

    static {
        MEMBERS.put("semantic", "semanticMemoryStrategy");
        MEMBERS.put("user-preference", "userPreferenceMemoryStrategy");
        MEMBERS.put("summary", "summaryMemoryStrategy");
        MEMBERS.put("episodic", "episodicMemoryStrategy");
    }

    private StrategyWords() {}

    /** As requests have them, each by the name that server.xml gives it. AgentCore's words, such as {@code USER_PREFERENCE}, will do. */
    static JsonArrayBuilder inputs(Action action, List<String> types) {
        JsonArrayBuilder all = Json.createArrayBuilder();
        types.forEach(type -> all.add(input(action, type.toLowerCase(Locale.ROOT).replace('_', '-'))));
        return all;
    }

    private static JsonObjectBuilder input(Action action, String type) {
        String member = Optional.ofNullable(MEMBERS.get(type))
                .orElseThrow(() -> action.usage("There is no strategy " + Text.plain(type) + ". There are " + String.join(", ", MEMBERS.keySet()) + "."));
        return Json.createObjectBuilder().add(member, Json.createObjectBuilder().add("name", type.replace('-', '_')));
    }
}

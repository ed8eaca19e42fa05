package dev.agentruntime.memory;

import dev.agentruntime.requests.InputException;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Makes strategies of what requests say of them. */
final class StrategyReader {

    private static final String SESSION = "{sessionId}";
    private static final String EXTRACTION = "extraction";
    private static final String CONSOLIDATION = "consolidation";
    private static final String REFLECTION = "reflection";
    private static final String SELF_MANAGED = "selfManagedConfiguration";

    /** What a custom strategy goes by, by the member of its request. */
    private record Kind(String type, String word) {}

    private static final Map<String, Kind> OVERRIDES = Map.of(
            "semanticOverride", new Kind("SEMANTIC_OVERRIDE", "semantic"),
            "summaryOverride", new Kind("SUMMARY_OVERRIDE", "summary"),
            "userPreferenceOverride", new Kind("USER_PREFERENCE_OVERRIDE", "userPreference"),
            "episodicOverride", new Kind("EPISODIC_OVERRIDE", "episodic"));

    private StrategyReader() {}

    /**
     * The strategy that {@code input} asks for.
     *
     * @param field where it is in the request
     * @param id    makes its id of its name
     * @throws InputException it cannot be had
     */
    static Strategy read(JsonObject input, String field, UnaryOperator<String> id, Instant now) {
        String member = input.keySet().iterator().next();
        StrategyType type = java.util.Arrays.stream(StrategyType.values()).filter(one -> one.member().equals(member)).findFirst().orElseThrow();
        JsonObject given = input.getJsonObject(member);
        String at = field + "." + member;
        JsonObject configuration = configuration(type, given, at);
        String template = NamespaceTemplate.in(given, at).orElse(isOfSession(type, configuration) ? StrategyType.SUMMARIZATION.template() : type.template());
        checkTemplate(type, configuration, template, at);
        JsonObjectBuilder view = Json.createObjectBuilder().add("strategyId", id.apply(given.getString("name"))).add("name", given.getString("name"))
                .add("type", type.name());
        Views.copy(given, view, "description", "memoryRecordSchema");
        NamespaceTemplate.view(template).forEach(view::add);
        if (!configuration.isEmpty()) {
            view.add("configuration", configuration);
        }
        return new Strategy(view.add("createdAt", Views.time(now)).add("updatedAt", Views.time(now)).add("status", "ACTIVE").build());
    }

    private static JsonObject configuration(StrategyType type, JsonObject given, String at) {
        JsonObjectBuilder built = Json.createObjectBuilder();
        if (type == StrategyType.EPISODIC && given.containsKey("reflectionConfiguration")) {
            built.add(REFLECTION, Json.createObjectBuilder().add("episodicReflectionConfiguration",
                    reflection(given.getJsonObject("reflectionConfiguration"), at + ".reflectionConfiguration")));
        }
        JsonObject custom = Views.object(given, "configuration");
        if (custom.isEmpty()) {
            return built.build();
        }
        String member = custom.keySet().iterator().next();
        refuseSelfManaged(member.equals(SELF_MANAGED), at + ".configuration." + member);
        Kind kind = OVERRIDES.get(member);
        JsonObject parts = custom.getJsonObject(member);
        built.add("type", kind.type());
        if (parts.containsKey(EXTRACTION)) {
            built.add(EXTRACTION, wrapped("customExtractionConfiguration", kind.word() + "ExtractionOverride", parts.getJsonObject(EXTRACTION)));
        }
        if (parts.containsKey(CONSOLIDATION)) {
            built.add(CONSOLIDATION, wrapped("customConsolidationConfiguration", kind.word() + "ConsolidationOverride", parts.getJsonObject(CONSOLIDATION)));
        }
        if (parts.containsKey(REFLECTION)) {
            built.add(REFLECTION, wrapped("customReflectionConfiguration", kind.word() + "ReflectionOverride",
                    reflection(parts.getJsonObject(REFLECTION), at + ".configuration." + member + ".reflection")));
        }
        return built.build();
    }

    private static JsonObject wrapped(String outer, String inner, JsonObject of) {
        return Json.createObjectBuilder().add(outer, Json.createObjectBuilder().add(inner, of)).build();
    }

    private static JsonObject reflection(JsonObject given, String at) {
        JsonObjectBuilder built = Json.createObjectBuilder(given);
        NamespaceTemplate.in(given, at).map(NamespaceTemplate::view).ifPresent(both -> both.forEach(built::add));
        return built.build();
    }

    private static void refuseSelfManaged(boolean isSelfManaged, String field) {
        if (isSelfManaged) {
            throw InputException.invalid(field, "needs a topic of SNS and a bucket of S3, which this platform does not have;"
                    + " read the events yourself and keep records through the API");
        }
    }

    private static boolean isOfSession(StrategyType type, JsonObject configuration) {
        String override = configuration.getString("type", "");
        return type == StrategyType.SUMMARIZATION || type == StrategyType.EPISODIC || override.equals("SUMMARY_OVERRIDE") || override.equals("EPISODIC_OVERRIDE");
    }

    private static void checkTemplate(StrategyType type, JsonObject configuration, String template, String at) {
        boolean isSummary = type == StrategyType.SUMMARIZATION || configuration.getString("type", "").equals("SUMMARY_OVERRIDE");
        if (isSummary && !template.contains(SESSION)) {
            throw InputException.invalid(at + ".namespaceTemplates[0]", "must have " + SESSION + " in it: a summary is of one session");
        }
    }

    /**
     * The strategy as {@code change} wants it.
     *
     * @throws InputException it cannot be so
     */
    static Strategy changed(Strategy strategy, JsonObject change, String field, Instant now) {
        JsonObjectBuilder view = Json.createObjectBuilder(strategy.view());
        Views.copy(change, view, "description", "memoryRecordSchema");
        JsonObject before = Views.object(strategy.view(), "configuration");
        JsonObject configuration = merged(strategy, before, Views.object(change, "configuration"), field + ".configuration");
        if (!configuration.isEmpty()) {
            view.add("configuration", configuration);
        }
        String template = NamespaceTemplate.in(change, field).orElse(strategy.template());
        checkTemplate(strategy.type(), configuration, template, field);
        NamespaceTemplate.view(template).forEach(view::add);
        return new Strategy(view.add("updatedAt", Views.time(now)).build());
    }

    private static JsonObject merged(Strategy strategy, JsonObject before, JsonObject change, String field) {
        refuseSelfManaged(change.containsKey(SELF_MANAGED), field + "." + SELF_MANAGED);
        JsonObjectBuilder merged = Json.createObjectBuilder(before);
        change.forEach((part, of) -> merged.add(part, ofSameKind(strategy, before, part, of.asJsonObject(), field + "." + part)));
        return merged.build();
    }

    /** What was a preference's stays one: its records are of one form. */
    private static JsonObject ofSameKind(Strategy strategy, JsonObject before, String part, JsonObject of, String field) {
        String outer = of.keySet().iterator().next();
        JsonObject inner = of.getJsonObject(outer);
        boolean isOwn = outer.equals("episodicReflectionConfiguration");
        String wanted = OVERRIDES.values().stream().filter(kind -> kind.type().equals(before.getString("type", ""))).map(Kind::word).findFirst().orElse("");
        boolean fits = isOwn ? strategy.type() == StrategyType.EPISODIC
                : strategy.type() == StrategyType.CUSTOM && !wanted.isEmpty() && inner.keySet().iterator().next().startsWith(wanted);
        if (!fits) {
            throw InputException.invalid(field, "does not fit a strategy of the type " + strategy.type()
                    + (wanted.isEmpty() ? "" : " for " + wanted) + "; make another strategy for it");
        }
        if (isOwn) {
            return Json.createObjectBuilder().add(outer, reflection(inner, field + "." + outer)).build();
        }
        String name = inner.keySet().iterator().next();
        return part.equals(REFLECTION) ? wrapped(outer, name, reflection(inner.getJsonObject(name), field + "." + outer + "." + name)) : of;
    }

    /** The request for a strategy of server.xml. */
    static JsonObject input(StrategyType type, String name, String description, String template) {
        JsonObjectBuilder given = Json.createObjectBuilder().add("name", name);
        if (!description.isEmpty()) {
            given.add("description", description);
        }
        if (!template.isEmpty()) {
            JsonArrayBuilder templates = Json.createArrayBuilder().add(template);
            given.add("namespaceTemplates", templates);
        }
        return Json.createObjectBuilder().add(type.member(), given).build();
    }
}

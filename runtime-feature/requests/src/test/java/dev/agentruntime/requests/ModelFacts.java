package dev.agentruntime.requests;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Takes from AgentCore's model files what checks and routes need: names, types, bounds, patterns, bindings. No text. */
public final class ModelFacts {

    private static final Path CONTROL = Path.of("bedrock-agentcore-control", "2023-06-05", "service-2.json");
    private static final Path DATA = Path.of("bedrock-agentcore", "2024-02-28", "service-2.json");

    private final JsonObject model;
    private final Map<String, JsonObject> taken = new TreeMap<>();

    private ModelFacts(JsonObject model) {
        this.model = model;
    }

    /** Of the control API; {@code models} is the folder with the model files of both services. */
    public static String ofControl(Path models, List<String> operations) throws IOException {
        return from(models.resolve(CONTROL), operations);
    }

    /** Of the API that agents and their callers use. */
    public static String ofData(Path models, List<String> operations) throws IOException {
        return from(models.resolve(DATA), operations);
    }

    /** One line for each operation and each shape, in an order that does not change. */
    private static String from(Path model, List<String> operations) throws IOException {
        try (Reader file = Files.newBufferedReader(model); JsonReader reader = Json.createReader(file)) {
            return new ModelFacts(reader.readObject()).text(operations);
        }
    }

    private String text(List<String> names) {
        List<String> operations = names.stream().map(name -> "  \"" + name + "\": " + operation(name)).toList();
        List<String> shapes = new ArrayList<>();
        taken.forEach((name, shape) -> shapes.add("  \"" + name + "\": " + shape));
        return "{\"operations\": {\n" + String.join(",\n", operations) + "},\n\"shapes\": {\n" + String.join(",\n", shapes) + "}}\n";
    }

    private JsonObject operation(String name) {
        JsonObject operation = model.getJsonObject("operations").getJsonObject(name);
        String input = operation.getJsonObject("input").getString("shape");
        take(input);
        JsonObject http = operation.getJsonObject("http");
        return Json.createObjectBuilder().add("method", http.getString("method")).add("path", http.getString("requestUri"))
                .add("status", http.getInt("responseCode")).add("input", input).build();
    }

    private void take(String name) {
        if (taken.containsKey(name)) {
            return;
        }
        JsonObject shape = model.getJsonObject("shapes").getJsonObject(name);
        JsonObjectBuilder facts = Json.createObjectBuilder();
        Stream.of("type", "document", "required", "union", "enum", "min", "max", "pattern").filter(shape::containsKey)
                .forEach(fact -> facts.add(fact, fact.equals("required") ? sorted(shape.getJsonArray(fact)) : shape.get(fact)));
        JsonObjectBuilder members = Json.createObjectBuilder();
        JsonObject all = shape.containsKey("members") ? shape.getJsonObject("members") : JsonValue.EMPTY_JSON_OBJECT;
        all.forEach((member, of) -> members.add(member, member(of.asJsonObject())));
        if (!all.isEmpty()) {
            facts.add("members", members);
        }
        Stream.of("member", "key", "value").filter(shape::containsKey)
                .forEach(part -> facts.add(part, shape.getJsonObject(part).getString("shape")));
        taken.put(name, facts.build());
        all.values().forEach(of -> take(of.asJsonObject().getString("shape")));
        Stream.of("member", "key", "value").filter(shape::containsKey)
                .forEach(part -> take(shape.getJsonObject(part).getString("shape")));
    }

    private static JsonValue sorted(JsonArray names) {
        return Json.createArrayBuilder(names.getValuesAs(jakarta.json.JsonString.class).stream()
                .map(jakarta.json.JsonString::getString).sorted().toList()).build();
    }

    private static JsonObject member(JsonObject of) {
        JsonObjectBuilder facts = Json.createObjectBuilder().add("shape", of.getString("shape"));
        if (of.containsKey("location")) {
            facts.add("in", of.getString("location").equals("uri") ? "path" : "query").add("as", of.getString("locationName"));
        }
        return facts.build();
    }
}

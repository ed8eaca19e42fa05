package dev.agentruntime.requests;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What requests may hold: the facts taken from AgentCore's model, and those that are newer than that model or
 * this platform's own, whose members are added and whose other facts count instead.
 */
public record Shapes(Map<String, Operation> operations, Map<String, Shape> shapes) {

    /**
     * @param status of an answer that is no refusal
     * @param input  the name of its input's shape
     */
    public record Operation(String name, String method, String path, int status, String input) {}

    /**
     * Those of a room.
     *
     * @param anchor    a class of the room, beside which its resources are
     * @param facts     the resource taken from the model
     * @param additions the resources of what is newer or the platform's own
     */
    public static Shapes load(Class<?> anchor, String facts, String... additions) {
        JsonObject model = read(anchor, facts);
        Map<String, JsonObject> all = new TreeMap<>();
        model.getJsonObject("shapes").forEach((name, shape) -> all.put(name, shape.asJsonObject()));
        for (String added : additions) {
            read(anchor, added).getJsonObject("shapes").forEach((name, shape) -> all.merge(name, shape.asJsonObject(), Shapes::merged));
        }
        Map<String, Shape> shapes = new TreeMap<>();
        all.forEach((name, shape) -> shapes.put(name, shape(shape)));
        Map<String, Operation> operations = new LinkedHashMap<>();
        model.getJsonObject("operations").forEach((name, of) -> operations.put(name, operation(name, of.asJsonObject())));
        return new Shapes(Map.copyOf(operations), Map.copyOf(shapes));
    }

    private static JsonObject read(Class<?> anchor, String resource) {
        try (InputStream in = anchor.getResourceAsStream(resource); JsonReader reader = Json.createReader(in)) {
            return reader.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonObject merged(JsonObject model, JsonObject own) {
        if (!own.containsKey("members")) {
            return own;
        }
        return Json.createObjectBuilder(model).add("members", Json.createObjectBuilder(model.getJsonObject("members"))
                .addAll(Json.createObjectBuilder(own.getJsonObject("members")))).build();
    }

    private static Operation operation(String name, JsonObject of) {
        return new Operation(name, of.getString("method"), of.getString("path"), of.getInt("status"), of.getString("input"));
    }

    private static Shape shape(JsonObject facts) {
        return switch (facts.getString("type")) {
            case "structure" -> facts.getBoolean("document", false) ? new Shape.Anything() : structure(facts);
            case "string" -> new Shape.Text(Bounds.of(facts),
                    Optional.ofNullable(facts.getString("pattern", null)).map(Pattern::compile), names(facts, "enum"));
            case "integer" -> new Shape.Whole(Bounds.of(facts));
            case "boolean" -> new Shape.Flag();
            case "double" -> new Shape.Decimal();
            case "timestamp" -> new Shape.Time();
            case "list" -> new Shape.ListOf(facts.getString("member"), Bounds.of(facts));
            case "map" -> new Shape.MapOf(facts.getString("key"), facts.getString("value"), Bounds.of(facts));
            default -> throw new IllegalStateException("There is no check for the type " + facts.getString("type") + ".");
        };
    }

    private static Shape structure(JsonObject facts) {
        Map<String, Shape.Member> members = new LinkedHashMap<>();
        JsonObject all = facts.containsKey("members") ? facts.getJsonObject("members") : JsonValue.EMPTY_JSON_OBJECT;
        all.forEach((name, of) -> members.put(name, member(name, of.asJsonObject())));
        return new Shape.Structure(members, names(facts, "required"),
                facts.getBoolean("union", false) ? Shape.Choice.EXACTLY_ONE : Shape.Choice.ANY);
    }

    private static Shape.Member member(String name, JsonObject of) {
        return new Shape.Member(of.getString("shape"), switch (of.getString("in", "")) {
            case "path" -> Shape.Place.PATH;
            case "query" -> Shape.Place.QUERY;
            default -> Shape.Place.BODY;
        }, of.getString("as", name));
    }

    private static Set<String> names(JsonObject facts, String name) {
        Set<String> names = new LinkedHashSet<>();
        if (facts.containsKey(name)) {
            facts.getJsonArray(name).getValuesAs(JsonString.class).forEach(one -> names.add(one.getString()));
        }
        return names;
    }

    /** The shape of this name, which is one of the facts. */
    public Shape shape(String name) {
        return Optional.ofNullable(shapes.get(name)).orElseThrow(() -> new IllegalStateException("There is no shape " + name + "."));
    }

    /** The structure of this name, which is one of the facts. */
    public Shape.Structure structure(String name) {
        return (Shape.Structure) shape(name);
    }
}

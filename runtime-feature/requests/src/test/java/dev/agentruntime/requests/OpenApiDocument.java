package dev.agentruntime.requests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.RoomOperations.Row;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The description of the front door's paths, for the tests of rooms whose operations are in it. */
public final class OpenApiDocument {

    private static final String PARTS = "#/components/schemas/";

    private final JsonObject document;
    private final String tag;

    /** @param tag of the room's operations */
    public OpenApiDocument(Path file, String tag) {
        this.tag = tag;
        try (Reader in = Files.newBufferedReader(file); JsonReader reader = Json.createReader(in)) {
            document = reader.readObject();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, JsonObject> described() {
        Map<String, JsonObject> described = new TreeMap<>();
        document.getJsonObject("paths").forEach((path, methods) -> methods.asJsonObject().forEach((method, operation) -> {
            if (operation.asJsonObject().getJsonArray("tags").getString(0).equals(tag)) {
                described.put(method.toUpperCase() + " " + path, operation.asJsonObject());
            }
        }));
        return described;
    }

    /** Every operation is described, and no other. */
    public void assertDescribes(List<Row> operations) {
        Map<String, String> names = new TreeMap<>();
        for (Row row : operations) {
            names.put(row.method() + " " + row.path(), row.name());
        }
        Map<String, JsonObject> described = described();
        assertThat(described.keySet()).isEqualTo(names.keySet());
        assertThat(described).allSatisfy((route, operation) -> assertThat(operation.getString("operationId")).startsWith(names.get(route)));
    }

    /** What a request may hold is described as it is checked. */
    public void assertDescribesRequests(Shapes shapes) {
        assertDescribesRequests(shapes, "");
    }

    /**
     * The same where models have other shapes of the same name.
     *
     * @param prefix of the names that this model's shapes have in the document
     */
    public void assertDescribesRequests(Shapes shapes, String prefix) {
        Map<String, JsonObject> described = described();
        for (Shapes.Operation operation : shapes.operations().values()) {
            JsonObject shown = described.get(operation.method() + " " + operation.path());
            assertThat(shown.getJsonObject("responses")).containsKey(Integer.toString(operation.status()));
            Map<String, String> parameters = new TreeMap<>();
            list(shown, "parameters").getValuesAs(JsonObject.class).forEach(one -> parameters.put(one.getString("name"), name(one.getJsonObject("schema"))));
            JsonObject body = shown.containsKey("requestBody")
                    ? shown.getValue("/requestBody/content/application~1json/schema").asJsonObject() : JsonValue.EMPTY_JSON_OBJECT;
            Map<String, String> members = new TreeMap<>();
            object(body, "properties").forEach((name, of) -> members.put(name, name(of.asJsonObject())));
            Map<String, String> wantedParameters = new TreeMap<>();
            Map<String, String> wantedMembers = new TreeMap<>();
            shapes.structure(operation.input()).members().forEach((name, member) -> {
                (member.place() == Shape.Place.BODY ? wantedMembers : wantedParameters).put(member.as(), prefix + member.shape());
            });
            assertThat(parameters).as(operation.name()).isEqualTo(wantedParameters);
            assertThat(members).as(operation.name()).isEqualTo(wantedMembers);
            members.values().forEach(one -> isDescribed(shapes, prefix, one));
            parameters.values().forEach(one -> isDescribed(shapes, prefix, one));
        }
    }

    private final Set<String> compared = new TreeSet<>();

    private void isDescribed(Shapes shapes, String prefix, String name) {
        if (!compared.add(name)) {
            return;
        }
        JsonObject shown = document.getValue("/components/schemas/" + name).asJsonObject();
        Shape shape = shapes.shape(name.substring(prefix.length()));
        if (shape instanceof Shape.Anything) {
            assertThat(shown).as(name).doesNotContainKey("type");
            return;
        }
        assertThat(shown.getString("type")).as(name).isEqualTo(type(shape));
        if (shape instanceof Shape.Structure structure) {
            Map<String, String> members = new TreeMap<>();
            object(shown, "properties").forEach((member, of) -> members.put(member, name(of.asJsonObject())));
            Map<String, String> wanted = new TreeMap<>();
            structure.members().forEach((member, of) -> wanted.put(member, prefix + of.shape()));
            assertThat(members).as(name).isEqualTo(wanted);
            assertThat(list(shown, "required")).as(name).hasSameSizeAs(structure.required());
            wanted.values().forEach(one -> isDescribed(shapes, prefix, one));
        } else if (shape instanceof Shape.ListOf list) {
            assertThat(name(shown.getJsonObject("items"))).isEqualTo(prefix + list.element());
            isDescribed(shapes, prefix, prefix + list.element());
        } else if (shape instanceof Shape.MapOf map) {
            assertThat(name(shown.getJsonObject("additionalProperties"))).isEqualTo(prefix + map.value());
            isDescribed(shapes, prefix, prefix + map.value());
        } else if (shape instanceof Shape.Text text) {
            assertThat(list(shown, "enum")).as(name).hasSameSizeAs(text.allowed());
            assertThat(shown.containsKey("pattern")).as(name).isEqualTo(text.pattern().isPresent());
            text.pattern().ifPresent(pattern -> assertThat(shown.getString("pattern")).isEqualTo("^(?:" + pattern + ")$"));
        }
    }

    private static String type(Shape shape) {
        if (shape instanceof Shape.Text) {
            return "string";
        }
        if (shape instanceof Shape.Whole) {
            return "integer";
        }
        if (shape instanceof Shape.Flag) {
            return "boolean";
        }
        if (shape instanceof Shape.Decimal || shape instanceof Shape.Time) {
            return "number";
        }
        return shape instanceof Shape.ListOf ? "array" : "object";
    }

    private static String name(JsonObject reference) {
        return reference.getString("$ref").substring(PARTS.length());
    }

    private static JsonArray list(JsonObject of, String name) {
        return of.get(name) instanceof JsonArray all ? all : JsonValue.EMPTY_JSON_ARRAY;
    }

    private static JsonObject object(JsonObject of, String name) {
        return of.get(name) instanceof JsonObject all ? all : JsonValue.EMPTY_JSON_OBJECT;
    }
}

package dev.agentruntime.requests;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;

/** Leaves out the members that no shape knows, as AgentCore does: they would be kept with each version, and nothing bounds them. */
record KnownMembers(Shapes shapes) {

    /** What of {@code value}, with which nothing is wrong, the shape of this name knows. */
    JsonValue of(String name, JsonValue value) {
        Shape shape = shapes.shape(name);
        if (shape instanceof Shape.Structure structure && value instanceof JsonObject object) {
            JsonObjectBuilder known = Json.createObjectBuilder();
            structure.members().forEach((member, is) -> {
                if (object.containsKey(member) && !object.isNull(member)) {
                    known.add(member, of(is.shape(), object.get(member)));
                }
            });
            return known.build();
        }
        if (shape instanceof Shape.ListOf list && value instanceof JsonArray array) {
            JsonArrayBuilder known = Json.createArrayBuilder();
            array.forEach(element -> known.add(of(list.element(), element)));
            return known.build();
        }
        if (shape instanceof Shape.MapOf map && value instanceof JsonObject object) {
            JsonObjectBuilder known = Json.createObjectBuilder();
            object.forEach((key, of) -> known.add(key, of(map.value(), of)));
            return known.build();
        }
        return value;
    }
}

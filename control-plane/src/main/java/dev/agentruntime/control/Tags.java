package dev.agentruntime.control;

import dev.agentruntime.control.ControlException.Kind;
import dev.agentruntime.store.Sql;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/** Tags of agent runtimes and endpoints. Thread-safe; blocks on the database. */
record Tags(ControlStore store, ReadOnlyRuntimes readOnly, Arns arns) {

    JsonObject tag(JsonObject input) {
        return change(input, (tables, resource) -> put(tables, resource, Runtimes.texts(input.getJsonObject("tags"))));
    }

    JsonObject untag(JsonObject input) {
        return change(input, (tables, resource) -> {
            for (JsonString key : input.getJsonArray("tagKeys").getValuesAs(JsonString.class)) {
                Sql.change(tables.transaction(), "DELETE FROM control_tag WHERE runtime_id = ? AND endpoint = ? AND tag_key = ?",
                        resource.runtime(), resource.endpoint().orElse(""), key.getString());
            }
        });
    }

    JsonObject list(JsonObject input) {
        Arns.Resource resource = resource(input);
        JsonObjectBuilder tags = Json.createObjectBuilder();
        if (readOnly.find(resource.runtime()).isEmpty()) {
            store.run(tables -> {
                check(tables, resource);
                return read(tables, resource);
            }).forEach(tags::add);
        }
        return Json.createObjectBuilder().add("tags", tags).build();
    }

    /** What is done with the tags of a resource that is there, and locked. */
    private interface Change {
        void of(Tables tables, Arns.Resource resource) throws SQLException;
    }

    private JsonObject change(JsonObject input, Change change) {
        Arns.Resource resource = resource(input);
        readOnly.refuseChange(resource.runtime());
        return store.run(tables -> {
            Runtimes.existing(tables.lockedRuntime(resource.runtime()), resource.runtime());
            check(tables, resource);
            change.of(tables, resource);
            return JsonValue.EMPTY_JSON_OBJECT;
        });
    }

    private Arns.Resource resource(JsonObject input) {
        String arn = input.getString("resourceArn");
        return arns.resource(arn).orElseThrow(() -> notFound(arn));
    }

    private void check(Tables tables, Arns.Resource resource) throws SQLException {
        Runtimes.existing(tables.runtime(resource.runtime()), resource.runtime());
        if (resource.endpoint().isPresent() && tables.endpoint(resource.runtime(), resource.endpoint().get()).isEmpty()) {
            throw notFound(arns.endpoint(resource.runtime(), resource.endpoint().get()));
        }
    }

    private static ControlException notFound(String arn) {
        return new ControlException(Kind.NOT_FOUND, "There is no resource " + arn + " here.");
    }

    static void put(Tables tables, Arns.Resource resource, Map<String, String> tags) throws SQLException {
        Map<String, String> all = read(tables, resource);
        all.putAll(tags);
        if (all.size() > Limits.TAGS) {
            throw new ControlException(Kind.QUOTA, "A resource may have " + Limits.TAGS + " tags. Remove some first.");
        }
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            String endpoint = resource.endpoint().orElse("");
            int changed = Sql.change(tables.transaction(),
                    "UPDATE control_tag SET tag_value = ? WHERE runtime_id = ? AND endpoint = ? AND tag_key = ?",
                    tag.getValue(), resource.runtime(), endpoint, tag.getKey());
            if (changed == 0) {
                Sql.change(tables.transaction(), "INSERT INTO control_tag (runtime_id, endpoint, tag_key, tag_value) VALUES (?, ?, ?, ?)",
                        resource.runtime(), endpoint, tag.getKey(), tag.getValue());
            }
        }
    }

    private static Map<String, String> read(Tables tables, Arns.Resource resource) throws SQLException {
        Map<String, String> tags = new TreeMap<>();
        Sql.rows(tables.transaction(), "SELECT tag_key, tag_value FROM control_tag WHERE runtime_id = ? AND endpoint = ?",
                row -> Map.entry(row.getString(1), row.getString(2)), resource.runtime(), resource.endpoint().orElse(""))
                .forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
        return tags;
    }
}

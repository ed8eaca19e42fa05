package dev.agentruntime.memory;

import dev.agentruntime.requests.InputException;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.Optional;

/** Where records of a strategy are, as requests say it: by either of two members of the same meaning. */
final class NamespaceTemplate {

    private NamespaceTemplate() {}

    /**
     * The one in {@code input}.
     *
     * @param field where {@code input} is in the request
     * @throws InputException the two members differ, or it is no path
     */
    static Optional<String> in(JsonObject input, String field) {
        Optional<String> templates = first(Views.array(input, "namespaceTemplates"));
        Optional<String> namespaces = first(Views.array(input, "namespaces"));
        if (templates.isPresent() && namespaces.isPresent() && !templates.equals(namespaces)) {
            throw InputException.invalid(field + ".namespaceTemplates", "must be the same as namespaces, which means the same; leave one of them out");
        }
        Optional<String> template = templates.or(() -> namespaces);
        template.ifPresent(text -> check(text, field + (templates.isPresent() ? ".namespaceTemplates[0]" : ".namespaces[0]")));
        return template;
    }

    private static Optional<String> first(JsonArray templates) {
        return templates.getValuesAs(JsonString.class).stream().map(JsonString::getString).findFirst();
    }

    private static void check(String text, String field) {
        if (text.contains("//")) {
            throw InputException.invalid(field, "must not have two slashes side by side");
        }
        if (text.contains("}{")) {
            throw InputException.invalid(field, "must have something between two braces: what stands for one could not be told from what stands for the other");
        }
    }

    /** Both members, as answers have them. */
    static JsonObject view(String template) {
        JsonArray list = Json.createArrayBuilder().add(template).build();
        return Json.createObjectBuilder().add("namespaces", list).add("namespaceTemplates", list).build();
    }
}

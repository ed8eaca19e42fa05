package dev.agentruntime.identity;

import dev.agentruntime.requests.InputException;
import jakarta.json.JsonObject;

/** Resources of this room have no tags: who gives some is told, and not left to believe that they were kept. */
final class NoTags {

    private NoTags() {}

    /** @throws InputException there are tags */
    static void check(JsonObject input) {
        if (input.get("tags") instanceof JsonObject tags && !tags.isEmpty()) {
            throw InputException.invalid("tags", "are kept for agent runtimes and endpoints only; leave them out");
        }
    }
}

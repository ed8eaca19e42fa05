package dev.agentruntime.memory;

import jakarta.json.Json;
import jakarta.json.JsonObject;

/**
 * A strategy of a memory.
 *
 * @param view as it is kept and shown
 */
record Strategy(JsonObject view) {

    String id() {
        return view.getString("strategyId");
    }

    String name() {
        return view.getString("name");
    }

    StrategyType type() {
        return StrategyType.valueOf(view.getString("type"));
    }

    /** Where its records are: a path in which the strategy, the actor and the session may be left open. */
    String template() {
        return Views.array(view, "namespaceTemplates").getString(0);
    }

    /** The same with another member, or with one more. */
    Strategy with(String member, jakarta.json.JsonValue value) {
        return new Strategy(Json.createObjectBuilder(view).add(member, value).build());
    }
}

package dev.agentruntime.memory;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A memory.
 *
 * @param expiry   after which its events are removed
 * @param settings what is kept and shown, and not used
 */
record MemoryRow(String id, String name, Home home, Status status, Duration expiry, JsonObject settings, List<Strategy> strategies,
        Instant createdAt, Instant updatedAt) {

    /** Where it was made, and is changed. */
    enum Home { API, SERVER_XML }

    enum Status { ACTIVE, DELETING }

    MemoryRow deleting(Instant now) {
        return new MemoryRow(id, name, home, Status.DELETING, expiry, settings, strategies, createdAt, now);
    }

    JsonObject view(Arns arns) {
        JsonObjectBuilder view = Json.createObjectBuilder().add("arn", arns.memory(id)).add("id", id).add("name", name);
        settings.forEach(view::add);
        view.add("eventExpiryDuration", expiry.toDays()).add("status", status.name())
                .add("createdAt", Views.time(createdAt)).add("updatedAt", Views.time(updatedAt))
                .add("strategies", Json.createArrayBuilder(strategies.stream().map(Strategy::view).toList()));
        if (home == Home.SERVER_XML) {
            view.add("readOnly", true);
        }
        return view.build();
    }

    JsonObject summary(Arns arns) {
        return Json.createObjectBuilder().add("arn", arns.memory(id)).add("id", id).add("status", status.name())
                .add("createdAt", Views.time(createdAt)).add("updatedAt", Views.time(updatedAt)).build();
    }
}

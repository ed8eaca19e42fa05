package dev.agentruntime.invocation;

import dev.agentruntime.api.ConnectionsView;
import dev.agentruntime.api.OutboundConnection;
import dev.agentruntime.api.OutboundConnection.Outcome;
import dev.agentruntime.api.SessionView;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.Locale;
import java.util.TreeMap;

/** What went out of a session's guest, as JSON. A field that has no value is left out. */
final class ConnectionViews {

    private ConnectionViews() {}

    static JsonObject json(SessionView session, ConnectionsView connections) {
        JsonArrayBuilder newest = Json.createArrayBuilder();
        connections.newest().forEach(connection -> newest.add(json(connection)));
        return Json.createObjectBuilder()
                .add("runtime", session.runtime())
                .add("sessionId", session.sessionId())
                .add("ended", counts(connections))
                .add("bytesOut", connections.bytesOut())
                .add("bytesIn", connections.bytesIn())
                .add("connections", newest)
                .build();
    }

    private static JsonObjectBuilder counts(ConnectionsView connections) {
        JsonObjectBuilder counts = Json.createObjectBuilder();
        new TreeMap<>(connections.ended()).forEach((outcome, count) -> counts.add(word(outcome), count));
        return counts;
    }

    private static JsonObjectBuilder json(OutboundConnection connection) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("at", connection.at().toString())
                .add("way", connection.way());
        if (!connection.host().isEmpty()) {
            json.add("host", connection.host());
        }
        connection.port().ifPresent(port -> json.add("port", port));
        json.add("outcome", word(connection.outcome()))
                .add("bytesOut", connection.bytesOut())
                .add("bytesIn", connection.bytesIn())
                .add("millis", connection.took().toMillis());
        if (!connection.reason().isEmpty()) {
            json.add("reason", connection.reason());
        }
        return json;
    }

    private static String word(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}

package dev.agentruntime.console;

import dev.agentruntime.api.ConnectionsView;
import dev.agentruntime.api.Cost;
import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.api.SessionConnections;
import dev.agentruntime.api.SessionCosts;
import dev.agentruntime.api.SessionLog.Follower;
import dev.agentruntime.api.SessionLogs;
import dev.agentruntime.api.SessionView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The rooms of this server that pages tell of. All but the platform may be absent, and come and go.
 *
 * @param accounting the operations of the room that accounts for usage
 */
record Rooms(Platform platform, Supplier<Optional<SessionCosts>> costs, Supplier<Optional<SessionLogs>> logs,
        Supplier<Optional<SessionConnections>> connections, Supplier<Optional<RoomOperations>> accounting) {

    static final int MOST_LINES = 200;

    Optional<Cost> cost(SessionView session) {
        return costs.get().flatMap(room -> room.of(session.usage()));
    }

    Optional<ConnectionsView> out(SessionView session) {
        return connections.get().flatMap(room -> room.of(session));
    }

    /** The latest lines that a session logged, oldest first; none where nothing is kept. Reads files. */
    List<LogLine> lines(SessionView session) {
        return logs.get().flatMap(room -> room.of(session)).map(log -> {
            List<LogLine> lines = new ArrayList<>();
            try (Follower follower = log.latest(MOST_LINES)) {
                for (List<LogLine> next = follower.next(); !next.isEmpty() && lines.size() < MOST_LINES; next = follower.next()) {
                    lines.addAll(next);
                }
            }
            return lines;
        }).orElse(new ArrayList<>());
    }
}

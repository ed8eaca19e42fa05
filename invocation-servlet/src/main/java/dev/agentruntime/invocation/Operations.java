package dev.agentruntime.invocation;

import dev.agentruntime.api.Platform;
import dev.agentruntime.invocation.Operation.Who;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The table of what the front door does. */
record Operations(List<Operation> own, RoomRows rooms) {

    static Operations of(Platform platform, FrontDoor door) {
        return of(platform, door, RoomRows.inJndi());
    }

    static Operations of(Platform platform, FrontDoor door, RoomRows rooms) {
        RuntimeViews runtimes = new RuntimeViews(platform);
        SessionViews sessions = new SessionViews(platform);
        return new Operations(List.of(
                Operation.of("ListAgentRuntimes", "GET HEAD", "/runtimes", Who.INVOKER, runtimes::all),
                Operation.of("GetAgentRuntime", "GET HEAD", "/runtimes/{runtime}", Who.INVOKER, runtimes::one),
                Operation.of("InvokeAgentRuntime", "POST GET DELETE", "/runtimes/{runtime}/invocations", Who.INVOKER,
                        new Invoke(platform, door)),
                Operation.of("ListRuntimeSessions", "GET HEAD", "/runtimes/{runtime}/sessions", Who.INVOKER, sessions::all),
                Operation.of("GetRuntimeSession", "GET HEAD", "/runtimes/{runtime}/sessions/{session}", Who.INVOKER, sessions::one),
                Operation.of("StopRuntimeSession", "DELETE", "/runtimes/{runtime}/sessions/{session}", Who.INVOKER,
                        new StopSession(platform)),
                Operation.of("GetRuntimeSessionLogs", "GET", "/runtimes/{runtime}/sessions/{session}/logs", Who.INVOKER,
                        new ReadLog(platform, door)),
                Operation.of("ListRuntimeSessionConnections", "GET HEAD", "/runtimes/{runtime}/sessions/{session}/connections", Who.INVOKER,
                        new ReadConnections(platform))), rooms);
    }

    /** What a path is for, whichever the method; empty where there is nothing at it. */
    List<Found> at(String rawPath) {
        List<Operation> rows = Stream.concat(own.stream(), rooms.rows().stream()).toList();
        return PathPattern.segments(rawPath).stream()
                .flatMap(path -> rows.stream().flatMap(row -> row.path().match(path).map(names -> new Found(row, names)).stream()))
                .toList();
    }

    /** An operation and what its path names. */
    record Found(Operation operation, Map<String, String> path) {}

    static Optional<Found> withMethod(List<Found> found, String method) {
        return found.stream().filter(one -> one.operation().methods().contains(method)).findFirst();
    }

    /** For an {@code Allow} header. */
    static String methods(List<Found> found) {
        TreeSet<String> methods = new TreeSet<>();
        found.forEach(one -> methods.addAll(one.operation().methods()));
        return String.join(", ", methods);
    }
}

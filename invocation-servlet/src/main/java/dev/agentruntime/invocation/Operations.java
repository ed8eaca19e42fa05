package dev.agentruntime.invocation;

import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.invocation.Operation.Who;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The table of what the front door does.
 *
 * @param own   its own rows
 * @param rooms those of other rooms, which count where a path is none of its own
 * @param meant the agent runtime that is meant by a name or an id
 */
record Operations(List<Operation> own, RoomRows rooms, UnaryOperator<String> meant) {

    private static final String RUNTIME = "runtime";

    static Operations of(Platform platform, FrontDoor door) {
        return of(platform, door, RoomRows.inJndi());
    }

    static Operations of(Platform platform, FrontDoor door, RoomRows rooms) {
        RuntimeViews runtimes = new RuntimeViews(platform);
        SessionViews sessions = new SessionViews(platform, door.costs());
        return new Operations(List.of(
                Operation.of("GetOpenApi", "GET HEAD", "/openapi", Who.INVOKER, OpenApi.load()::document),
                Operation.of("ListAgentRuntimes", "GET HEAD", "/runtimes", Who.INVOKER, runtimes::all),
                Operation.of("GetAgentRuntime", "GET HEAD", "/runtimes/{runtime}", Who.INVOKER, runtimes::one),
                Operation.of("InvokeAgentRuntime", "POST GET DELETE", "/runtimes/{runtime}/invocations", Who.INVOKER,
                        new Invoke(platform, door)),
                Operation.of("InvokeAgentRuntimeWithWebSocketStream", "GET", "/runtimes/{runtime}/ws", Who.INVOKER,
                        new ConnectWebSocket(platform, door, WebSocketAim.AGENT)),
                Operation.of("InvokeAgentRuntimeCommandShell", "GET", "/runtimes/{runtime}/ws/shells", Who.INVOKER,
                        new ConnectWebSocket(platform, door, WebSocketAim.SHELL)),
                Operation.of("InvokeAgentRuntimeCommand", "POST", "/runtimes/{runtime}/commands", Who.INVOKER, new RunCommand(platform, door)),
                Operation.of("ListRuntimeSessions", "GET HEAD", "/runtimes/{runtime}/sessions", Who.INVOKER, sessions::all),
                Operation.of("GetRuntimeSession", "GET HEAD", "/runtimes/{runtime}/sessions/{session}", Who.INVOKER, sessions::one),
                Operation.of("StopRuntimeSession", "DELETE", "/runtimes/{runtime}/sessions/{session}", Who.INVOKER,
                        new StopSession(platform, door.costs())),
                Operation.of("UpdateRuntimeSession", "PATCH", "/runtimes/{runtime}/sessions/{session}", Who.INVOKER, new ChangeSession(platform, door.costs())),
                Operation.of("ForkRuntimeSession", "POST", "/runtimes/{runtime}/sessions/{session}/fork", Who.INVOKER, new ForkSession(platform, door.costs())),
                Operation.of("HibernateRuntimeSession", "POST", "/runtimes/{runtime}/sessions/{session}/hibernate", Who.INVOKER,
                        new HibernateSession(platform, door.costs())),
                Operation.of("StopRuntimeSession", "POST", "/runtimes/{runtime}/stopruntimesession", Who.INVOKER, new StopSession(platform, door.costs())),
                Operation.of("GetRuntimeSessionLogs", "GET", "/runtimes/{runtime}/sessions/{session}/logs", Who.INVOKER,
                        new ReadLog(platform, door)),
                Operation.of("ListRuntimeSessionConnections", "GET HEAD", "/runtimes/{runtime}/sessions/{session}/connections", Who.INVOKER,
                        new ReadConnections(platform))), rooms, platform::meant);
    }

    /** What a path is for, whichever the method; empty where there is nothing at it. */
    List<Found> at(String rawPath) {
        Optional<List<String>> path = PathPattern.segments(rawPath);
        List<Found> found = path.map(segments -> found(own, segments)).orElse(List.of());
        return found.isEmpty() ? path.map(segments -> found(rooms.rows(), segments)).orElse(List.of()) : found;
    }

    private List<Found> found(List<Operation> rows, List<String> path) {
        return rows.stream().flatMap(row -> row.path().match(path).map(names -> new Found(row, meaning(names))).stream()).toList();
    }

    /** An agent runtime has one name from here on, whichever it was called by: rights and sessions go by that. */
    private Map<String, String> meaning(Map<String, String> names) {
        if (!names.containsKey(RUNTIME)) {
            return names;
        }
        Map<String, String> meaning = new HashMap<>(names);
        meaning.compute(RUNTIME, (name, given) -> isElsewhere(given) ? given : meant.apply(RuntimeName.of(given)));
        return meaning;
    }

    private boolean isElsewhere(String given) {
        return RuntimeName.home(given).filter(home -> !rooms.isOwn(Optional.of(home.region()), home.account())).isPresent();
    }

    /**
     * Refuses what is another server's. Asked when the caller is known, since others need not learn what this server's are.
     *
     * @param path  of an operation that was found
     * @param query of its request
     * @throws RequestException region or account are others than this server was told that it has: of kind FORBIDDEN
     */
    void checkHere(Map<String, String> path, Query query) {
        String runtime = path.getOrDefault(RUNTIME, "");
        boolean otherAccount = path.containsKey(RUNTIME) && query.first("accountId").filter(account -> !rooms.isOwn(Optional.empty(), account)).isPresent();
        if (otherAccount || isElsewhere(runtime)) {
            throw new RequestException(RequestException.Kind.FORBIDDEN, "The agent runtime is in another region or account than this server's, which"
                    + " its <agentRuntimeControl region accountId> name");
        }
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

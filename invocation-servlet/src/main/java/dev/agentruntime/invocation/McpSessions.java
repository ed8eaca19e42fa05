package dev.agentruntime.invocation;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers which session an MCP session is in, for clients that know nothing of sessions but {@code Mcp-Session-Id}: an id that
 * the agent gave is kept here, and one of ours names the session itself. What is kept is bounded, by session and in all, since
 * an agent may give any number of ids. Thread-safe.
 */
final class McpSessions {

    static final int MOST_SESSIONS = 10_000;
    static final int MOST_IDS_OF_ONE = 16;
    private static final int MOST_CHARACTERS = 1024;
    /** Begins the ids that are made here, for agents that give none. */
    private static final String OURS = "agent-session.";

    /** Of one caller at one agent runtime; another's id is as good as unknown. */
    private record Key(String runtime, Subject subject, String id) {}

    private final Map<Key, String> sessions = new HashMap<>();
    private final Map<String, Deque<Key>> ids = new LinkedHashMap<>(16, 0.75f, true);

    /** The id for a session whose agent gives none. */
    static String idFor(String session) {
        return OURS + session;
    }

    /**
     * The session that an MCP session is in.
     *
     * @throws RequestException there is no such MCP session: of kind NOT_FOUND, at which a client begins a new one
     */
    synchronized String sessionOf(String runtime, Subject subject, String id) {
        if (id.startsWith(OURS)) {
            return id.substring(OURS.length());
        }
        String session = Optional.ofNullable(sessions.get(new Key(runtime, subject, id))).orElseThrow(() -> new RequestException(
                Kind.NOT_FOUND, "There is no MCP session of this Mcp-Session-Id; initialize a new one, or name the session in "
                        + Headers.SESSION_ID));
        ids.get(session);
        return session;
    }

    /** The agent has named an MCP session that it holds in {@code session}. */
    synchronized void keep(String runtime, Subject subject, String id, String session) {
        Key key = new Key(runtime, subject, id);
        if (id.length() > MOST_CHARACTERS || id.startsWith(OURS) || session.equals(sessions.get(key))) {
            return;
        }
        forget(key);
        sessions.put(key, session);
        Deque<Key> all = ids.computeIfAbsent(session, s -> new ArrayDeque<>());
        all.addLast(key);
        if (all.size() > MOST_IDS_OF_ONE) {
            sessions.remove(all.removeFirst());
        }
        if (ids.size() > MOST_SESSIONS) {
            ids.remove(ids.keySet().iterator().next()).forEach(sessions::remove);
        }
    }

    /** The MCP session has ended. */
    synchronized void forget(String runtime, Subject subject, String id) {
        forget(new Key(runtime, subject, id));
    }

    private void forget(Key key) {
        Optional.ofNullable(sessions.remove(key)).flatMap(session -> Optional.ofNullable(ids.get(session))).ifPresent(all -> all.remove(key));
    }

    synchronized int size() {
        return sessions.size();
    }
}

package dev.agentruntime.invocation;

import dev.agentruntime.api.Subject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers which session an MCP session is in, for clients that know nothing of sessions but {@code Mcp-Session-Id}: an id that
 * the agent gave is kept here, and one of ours names the session itself. What is kept is bounded in number, by session, by
 * subject and in all, since an agent may give any number of ids; and in bytes, since of ids and subjects only fingerprints are
 * kept: 30 MB at most. Thread-safe.
 */
final class McpSessions {

    static final int MOST_SESSIONS = 10_000;
    static final int MOST_SESSIONS_OF_ONE_SUBJECT = 1_000;
    static final int MOST_IDS_OF_ONE_SESSION = 16;
    /** Begins the ids that are made here, for agents that give none. */
    private static final String OURS = "agent-session.";

    /** A session that MCP sessions are in, and whose they are. */
    private record Place(String runtime, Fingerprint subject, String session) {}

    /** By the id, which is of one subject at one agent runtime: another's is as good as unknown. */
    private final Map<Fingerprint, Place> places = new HashMap<>();
    /** The ids of each, that which was used longest ago first. */
    private final Map<Place, Deque<Fingerprint>> ids = new LinkedHashMap<>(16, 0.75f, true);
    private final Shares<Fingerprint> shares = new Shares<>(MOST_SESSIONS_OF_ONE_SUBJECT);

    /** The id for a session whose agent gives none. */
    static String idFor(String session) {
        return OURS + session;
    }

    /** The session that an MCP session is in; empty where there is no such MCP session. */
    synchronized Optional<String> find(String runtime, Subject subject, String id) {
        if (id.startsWith(OURS)) {
            return Optional.of(id.substring(OURS.length()));
        }
        Optional<Place> place = Optional.ofNullable(places.get(key(runtime, subject, id)));
        place.ifPresent(ids::get);
        return place.map(Place::session);
    }

    /** The agent has named an MCP session that it holds in {@code session}. */
    synchronized void keep(String runtime, Subject subject, String id, String session) {
        Fingerprint key = key(runtime, subject, id);
        Place place = new Place(runtime, fingerprint(subject), session);
        if (id.startsWith(OURS) || place.equals(places.get(key))) {
            return;
        }
        forget(key);
        Deque<Fingerprint> all = Optional.ofNullable(ids.get(place)).orElseGet(() -> admit(place));
        places.put(key, place);
        all.addLast(key);
        if (all.size() > MOST_IDS_OF_ONE_SESSION) {
            places.remove(all.removeFirst());
        }
    }

    /** Makes room for a session: of a subject that has its share by another of its own. */
    private Deque<Fingerprint> admit(Place place) {
        while (!shares.take(place.subject())) {
            ids.keySet().stream().filter(other -> other.subject().equals(place.subject())).findFirst().ifPresent(this::remove);
        }
        if (ids.size() >= MOST_SESSIONS) {
            remove(ids.keySet().iterator().next());
        }
        Deque<Fingerprint> none = new ArrayDeque<>(1);
        ids.put(place, none);
        return none;
    }

    /** The MCP session has ended. */
    synchronized void forget(String runtime, Subject subject, String id) {
        forget(key(runtime, subject, id));
    }

    private void forget(Fingerprint key) {
        Optional.ofNullable(places.remove(key)).ifPresent(place -> {
            Deque<Fingerprint> all = ids.get(place);
            all.remove(key);
            if (all.isEmpty()) {
                remove(place);
            }
        });
    }

    private void remove(Place place) {
        ids.remove(place).forEach(places::remove);
        shares.giveBack(place.subject());
    }

    private static Fingerprint key(String runtime, Subject subject, String id) {
        return Fingerprint.of(runtime, subject.issuer(), subject.name(), id);
    }

    private static Fingerprint fingerprint(Subject subject) {
        return Fingerprint.of(subject.issuer(), subject.name());
    }

    /** How many ids are kept. */
    synchronized int size() {
        return places.size();
    }

    /** How many sessions these are in. */
    synchronized int sessions() {
        return ids.size();
    }
}

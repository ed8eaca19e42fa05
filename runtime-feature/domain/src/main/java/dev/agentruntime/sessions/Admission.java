package dev.agentruntime.sessions;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The sessions that have a VM or are about to get or lose one, and who is let in among them. Thread-safe. */
final class Admission {

    private enum Gate { OPEN, CLOSED }

    private final Supplier<SessionSettings> settings;
    private final Rooms rooms;
    private final Map<SessionKey, SessionActor> live = new ConcurrentHashMap<>();
    private final Map<Subject, Integer> owned = new HashMap<>();
    private final Map<String, Integer> ofAgents = new HashMap<>();
    private Gate gate = Gate.OPEN;

    /** @param rooms who else may have something against a session */
    Admission(Supplier<SessionSettings> settings, Rooms rooms) {
        this.settings = settings;
        this.rooms = rooms;
    }

    Optional<SessionActor> find(SessionKey key) {
        return Optional.ofNullable(live.get(key));
    }

    Collection<SessionActor> all() {
        return live.values();
    }

    /**
     * Refuses whoever comes once the server is being stopped.
     *
     * @throws RequestException nobody is let in any more: of kind UNAVAILABLE
     */
    synchronized void checkOpen() {
        if (gate == Gate.CLOSED) {
            throw new RequestException(Kind.UNAVAILABLE, "The server is being stopped and takes no more requests. Ask again in a moment: another"
                    + " server may answer, or this one when it has started again.");
        }
    }

    /**
     * Refuses who would find no place. Asked before an id gets its owner: an id whose session never began should have none.
     *
     * @param runtime whose session it would be
     * @param owner   who would own the session; empty where that is not known yet
     * @throws RequestException there are as many sessions as there may be, or no more begin
     */
    synchronized void checkPlace(String runtime, Optional<Subject> owner) {
        checkOpen();
        SessionSettings now = settings.get();
        int most = now.quotas().sessions();
        if (live.size() >= most) {
            throw new RequestException(Kind.QUOTA, "There are " + most + " sessions, as many as the attribute maxSessions"
                    + " allows. End one, or raise it.");
        }
        Optional<Integer> mostOfAgent = now.mostSessions(runtime).filter(bound -> ofAgents.getOrDefault(runtime, 0) >= bound);
        if (mostOfAgent.isPresent()) {
            throw new RequestException(Kind.QUOTA, "Agent runtime " + runtime + " has " + mostOfAgent.get() + " sessions, as many as the"
                    + " attribute maxSessions of its <agent>, or else maxSessionsPerAgent, allows. End one, or raise it.");
        }
        int mostOfOne = now.quotas().sessionsPerSubject();
        if (owner.filter(known -> owned.getOrDefault(known, 0) >= mostOfOne).isPresent()) {
            throw new RequestException(Kind.QUOTA, "You have " + mostOfOne + " sessions, as many as the attribute"
                    + " maxSessionsPerSubject allows one caller. End one, or ask the server's administrator to raise it.");
        }
        rooms.admit(runtime, owner);
    }

    /**
     * The same for {@code count} sessions at once, all of which are to find a place.
     *
     * @throws RequestException not all of them would
     */
    synchronized void checkPlaces(String runtime, Subject owner, int count) {
        checkPlace(runtime, Optional.of(owner));
        SessionSettings now = settings.get();
        int left = Math.min(now.quotas().sessions() - live.size(), now.quotas().sessionsPerSubject() - owned.getOrDefault(owner, 0));
        int ofAgent = now.mostSessions(runtime).map(most -> most - ofAgents.getOrDefault(runtime, 0)).orElse(left);
        if (count > Math.min(left, ofAgent)) {
            throw new RequestException(Kind.QUOTA, "There is room for " + Math.min(left, ofAgent) + " more sessions, and not for " + count + ": maxSessions,"
                    + " maxSessionsPerSubject or maxSessionsPerAgent allow no more. End some, or ask for fewer.");
        }
    }

    /**
     * The session that {@code make} makes, or empty when there is one of this id already.
     *
     * @throws RequestException there are as many sessions as there may be, or no more begin
     */
    synchronized Optional<SessionActor> admit(SessionKey key, Subject owner, Supplier<SessionActor> make) {
        if (live.containsKey(key)) {
            return Optional.empty();
        }
        checkPlace(key.runtime(), Optional.of(owner));
        SessionActor session = make.get();
        live.put(key, session);
        owned.merge(owner, 1, Integer::sum);
        ofAgents.merge(key.runtime(), 1, Integer::sum);
        return Optional.of(session);
    }

    /** Takes in a session that was let in by an earlier run of the server, however many there are; tells whether it could. */
    synchronized boolean readmit(SessionActor session) {
        if (gate == Gate.CLOSED || live.putIfAbsent(session.key(), session) != null) {
            return false;
        }
        owned.merge(session.state().identity().owner(), 1, Integer::sum);
        ofAgents.merge(session.key().runtime(), 1, Integer::sum);
        return true;
    }

    synchronized void gone(SessionActor session) {
        if (live.remove(session.key(), session)) {
            oneLess(owned, session.state().identity().owner());
            oneLess(ofAgents, session.key().runtime());
        }
    }

    private static <W> void oneLess(Map<W, Integer> counts, W whose) {
        counts.computeIfPresent(whose, (same, count) -> count > 1 ? count - 1 : null);
    }

    /** No session is let in from here on. */
    synchronized void close() {
        gate = Gate.CLOSED;
    }
}

package dev.agentruntime.sessions;

import dev.agentruntime.spi.SessionPart;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Those who take part in one session: from its beginning, and from later on. Thread-safe. */
final class Company {

    /**
     * What one room does for the session.
     *
     * @param room its name
     */
    record Joined(String room, SessionPart part) {}

    enum Stage { JOINING, BEGUN, GOING_ON, OVER }

    private final Set<String> asked = new HashSet<>();
    private volatile List<Joined> members;
    private volatile Stage stage = Stage.JOINING;

    /** @param first those that were there when the session was about to begin, or to go on */
    Company(List<Joined> first) {
        members = List.copyOf(first);
        first.forEach(one -> asked.add(one.room()));
    }

    /** Those that take part now. Does not block. */
    List<Joined> members() {
        return members;
    }

    /** Whether an earlier run of the server has begun the session. */
    boolean goesOn() {
        return stage == Stage.GOING_ON;
    }

    /** Whether no guest of the session was reached in this run of the server, as of one that an earlier run has put on the disk. */
    boolean knowsNoGuest() {
        return stage == Stage.JOINING;
    }

    /** The guest can be reached from now on, so that others may come. */
    synchronized void reached(Stage how) {
        stage = how;
    }

    /** Whether the room of this name has not been asked to take part, and may be now; it has been from here on. Does not block. */
    synchronized boolean lacks(String room) {
        return (stage == Stage.BEGUN || stage == Stage.GOING_ON) && asked.add(room);
    }

    /** It could not be asked after all. */
    synchronized void stillLacks(String room) {
        asked.remove(room);
    }

    /**
     * Has one more take part, unless the session is over.
     *
     * @param then what it is told first; nobody leaves meanwhile
     * @return whether it does
     */
    synchronized boolean add(Joined one, Runnable then) {
        if (stage == Stage.OVER) {
            return false;
        }
        members = Stream.concat(members.stream(), Stream.of(one)).toList();
        then.run();
        return true;
    }

    /** Those that take part; nobody comes any more. */
    synchronized List<Joined> leave() {
        stage = Stage.OVER;
        return members;
    }
}

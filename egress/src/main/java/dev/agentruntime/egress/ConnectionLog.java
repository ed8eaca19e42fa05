package dev.agentruntime.egress;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The newest connections of one session. Thread-safe. */
final class ConnectionLog {

    static final int MOST = 200;

    private final Deque<ConnectionRecord> newest = new ArrayDeque<>();

    synchronized void add(ConnectionRecord connection) {
        if (newest.size() == MOST) {
            newest.removeFirst();
        }
        newest.addLast(connection);
    }

    /** The oldest first. */
    synchronized List<ConnectionRecord> all() {
        return List.copyOf(newest);
    }
}

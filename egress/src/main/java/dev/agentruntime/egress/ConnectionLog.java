package dev.agentruntime.egress;

import dev.agentruntime.api.ConnectionsView;
import dev.agentruntime.api.OutboundConnection;
import dev.agentruntime.api.OutboundConnection.Outcome;
import dev.agentruntime.spi.SessionFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What went out of one session's guest: what is open, the newest that is over, and sums. Thread-safe; no method blocks. */
final class ConnectionLog {

    /** Of those that are over, and of those that are open. */
    static final int MOST = 100;

    private final SessionFacts session;
    private final Records records;
    private final Set<Entry> open = new LinkedHashSet<>();
    private final Deque<OutboundConnection> newest = new ArrayDeque<>();
    private final Map<Outcome, Long> ended = new EnumMap<>(Outcome.class);
    private long bytesOut;
    private long bytesIn;
    private volatile Consumer<OutboundConnection> told = connection -> { };

    /** @param records told of each connection that is over */
    ConnectionLog(SessionFacts session, Records records) {
        this.session = session;
        this.records = records;
    }

    /** Has {@code whom} told of each connection that is over, too. */
    void tell(Consumer<OutboundConnection> whom) {
        told = whom;
    }

    /** A connection begins, or a request over one. */
    Entry begin(Traffic traffic, String way, Entry.Marks before) {
        Entry entry = new Entry(session, this, traffic, way, before);
        synchronized (this) {
            open.add(entry);
        }
        return entry;
    }

    /** A connection that was not let begin. */
    void refused(String way, Refusal refusal) {
        over(new ConnectionRecord(session, Instant.now(), way, "", 0, 0, refusal.outcome(), Duration.ZERO, refusal.logged()));
    }

    void over(Entry entry, ConnectionRecord connection) {
        synchronized (this) {
            open.remove(entry);
        }
        over(connection);
    }

    private void over(ConnectionRecord connection) {
        OutboundConnection view = connection.view();
        synchronized (this) {
            if (newest.size() == MOST) {
                newest.removeFirst();
            }
            newest.addLast(view);
            ended.merge(view.outcome(), 1L, Long::sum);
            bytesOut += view.bytesOut();
            bytesIn += view.bytesIn();
        }
        records.add(connection);
        told.accept(view);
    }

    /** Whether the guest waits for an answer. */
    synchronized boolean waits() {
        return open.stream().anyMatch(Entry::waits);
    }

    synchronized ConnectionsView view() {
        return new ConnectionsView(ended, bytesOut, bytesIn,
                Stream.concat(newest.stream(), open.stream().skip(Math.max(0, open.size() - MOST)).map(Entry::soFar))
                        .sorted(Comparator.comparing(OutboundConnection::at)).toList());
    }
}

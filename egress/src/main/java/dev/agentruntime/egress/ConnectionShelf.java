package dev.agentruntime.egress;

import dev.agentruntime.api.ConnectionsView;
import dev.agentruntime.api.SessionConnections;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import dev.agentruntime.spi.SessionFacts;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** What went out of the guests of all sessions: of those that live, and of those that ended a while ago. Thread-safe. */
@Component(service = {SessionConnections.class, ConnectionShelf.class}, immediate = true,
        property = {"osgi.jndi.service.name=" + SessionConnections.JNDI_NAME, "service.vendor=Agent Runtime"})
public final class ConnectionShelf implements SessionConnections {

    static final int MOST_ENDED = 500;
    static final Duration KEPT = Duration.ofHours(1);

    private record Name(String runtime, String sessionId, Subject owner) {

        static Name of(SessionFacts session) {
            return new Name(session.runtime(), session.sessionId(), session.owner());
        }
    }

    private record Ended(ConnectionLog log, long at) {}

    private final LongSupplier nanoTime;
    private final Map<Name, ConnectionLog> live = new HashMap<>();
    /** The one that ended first comes first. */
    private final Map<Name, Ended> ended = new LinkedHashMap<>();

    /** Made by the server's component runtime. */
    @Activate
    public ConnectionShelf() {
        this(System::nanoTime);
    }

    ConnectionShelf(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A session begins. */
    synchronized void begun(SessionFacts session, ConnectionLog log) {
        ended.remove(Name.of(session));
        live.put(Name.of(session), log);
    }

    /** A session has ended; another may have begun under its id. */
    synchronized void ended(SessionFacts session, ConnectionLog log) {
        Name name = Name.of(session);
        if (live.remove(name, log)) {
            ended.put(name, new Ended(log, nanoTime.getAsLong()));
        }
        if (ended.size() > MOST_ENDED) {
            ended.remove(ended.keySet().iterator().next());
        }
        sweep();
    }

    private void sweep() {
        long now = nanoTime.getAsLong();
        ended.values().removeIf(one -> now - one.at() >= KEPT.toNanos());
    }

    @Override
    public synchronized Optional<ConnectionsView> of(SessionView session) {
        sweep();
        Name name = new Name(session.runtime(), session.sessionId(), session.subject());
        return Optional.ofNullable(live.get(name)).or(() -> Optional.ofNullable(ended.get(name)).map(Ended::log)).map(ConnectionLog::view);
    }
}

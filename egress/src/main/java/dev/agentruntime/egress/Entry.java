package dev.agentruntime.egress;

import dev.agentruntime.api.OutboundConnection;
import dev.agentruntime.api.OutboundConnection.Outcome;
import dev.agentruntime.spi.SessionFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A connection, or a request over one, from its beginning until it is told to the log; told once. Used on one thread, looked at by any. */
final class Entry {

    /** Bytes of a connection before an entry. */
    record Marks(long out, long in) {

        static Marks of(Traffic traffic) {
            return new Marks(traffic.out(), traffic.in());
        }
    }

    private final SessionFacts session;
    private final ConnectionLog log;
    private final Traffic traffic;
    private final String way;
    private final Instant at = Instant.now();
    private final long began = System.nanoTime();
    private final Marks before;
    private volatile String target = "";
    private volatile BooleanSupplier waits = () -> true;
    private boolean told;

    Entry(SessionFacts session, ConnectionLog log, Traffic traffic, String way, Marks before) {
        this.session = session;
        this.log = log;
        this.traffic = traffic;
        this.way = way;
        this.before = before;
    }

    /** Where it goes, known before it is over. */
    void goesTo(String hostAndPort) {
        target = hostAndPort;
    }

    /** From now on the guest waits for an answer by it when {@code asked} says so; before, it always does. */
    void waitsWhile(BooleanSupplier asked) {
        waits = asked;
    }

    boolean waits() {
        return waits.getAsBoolean();
    }

    /**
     * @param whom    where it went; empty where no more is known than before
     * @param refusal why it was not OK
     */
    void tell(String whom, Optional<Refusal> refusal) {
        if (!told) {
            told = true;
            target = whom.isEmpty() ? target : whom;
            log.over(this, record(refusal.map(Refusal::outcome).orElse(Outcome.OK), refusal.map(Refusal::logged).orElse("")));
        }
    }

    OutboundConnection soFar() {
        return record(Outcome.OPEN, "").view();
    }

    private ConnectionRecord record(Outcome outcome, String reason) {
        return new ConnectionRecord(session, at, way, target, traffic.out() - before.out(), traffic.in() - before.in(), outcome,
                Duration.ofNanos(System.nanoTime() - began), reason);
    }
}

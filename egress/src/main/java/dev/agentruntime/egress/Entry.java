package dev.agentruntime.egress;

import dev.agentruntime.spi.SessionFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A connection, or a request over one, from its beginning until it is told to the records; told once. Used on one thread. */
final class Entry {

    /** Bytes of a connection before an entry. */
    record Marks(long out, long in) {

        static Marks of(Traffic traffic) {
            return new Marks(traffic.out(), traffic.in());
        }
    }

    private final SessionFacts session;
    private final Records records;
    private final Traffic traffic;
    private final String way;
    private final Instant at = Instant.now();
    private final long began = System.nanoTime();
    private final Marks before;
    private boolean told;

    Entry(SessionFacts session, Records records, Traffic traffic, String way, Marks before) {
        this.session = session;
        this.records = records;
        this.traffic = traffic;
        this.way = way;
        this.before = before;
    }

    /** @param refusal why it was not OK */
    void tell(String target, Optional<Refusal> refusal) {
        if (!told) {
            told = true;
            records.add(new ConnectionRecord(session, at, way, target, traffic.out() - before.out(), traffic.in() - before.in(),
                    refusal.map(Refusal::outcome).orElse(Outcome.OK), Duration.ofNanos(System.nanoTime() - began),
                    refusal.map(Refusal::sentence).orElse("")));
        }
    }
}

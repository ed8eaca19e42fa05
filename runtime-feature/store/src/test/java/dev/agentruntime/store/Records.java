package dev.agentruntime.store;

import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Records for tests. */
final class Records {

    static final Subject ALICE = new Subject("https://idp", "alice");
    static final Subject BOB = new Subject("https://idp", "bob");
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456Z");

    private Records() {}

    /** One that has just begun. */
    static SessionRecord begun(String row, String id, Subject owner, Instant created) {
        return record(row, id, owner, created, Optional.empty(), 0);
    }

    /** One whose usage is final. */
    static SessionRecord closed(String row) {
        return record(row, "id-of-" + row, ALICE, NOON, Optional.of(NOON.plusSeconds(9)), 5);
    }

    static SessionRecord record(String row, String id, Subject owner, Instant created, Optional<Instant> closed, long cpu) {
        return new SessionRecord(row, "server1",
                new SessionView(id, "hello", "", closed.isPresent() ? SessionView.Status.TERMINATED : SessionView.Status.PROVISIONING,
                        owner, created, created, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                        new Usage(cpu, new BigDecimal("0.000000000"), 0, 0, MeterSource.HYPERVISOR)),
                Optional.empty(), closed.map(at -> "STOPPED"), closed);
    }

    /** Every text of it that a guest, a token or a configuration decides. */
    static SessionRecord saying(String row, String text) {
        return new SessionRecord(row, text,
                new SessionView(text, text, text, SessionView.Status.TERMINATED, new Subject(text, text), NOON,
                        NOON.plusSeconds(5), Optional.of(StartMode.CLONE), Optional.of(Duration.ofMillis(450)),
                        Optional.of(text), Optional.of(text),
                        new Usage(123, new BigDecimal("456.789000000"), 456, 7, MeterSource.CGROUP)),
                Optional.of(99L), Optional.of(text), Optional.of(NOON.plusSeconds(9)));
    }

    static SessionRecord using(String row, Usage usage, Optional<Instant> closed) {
        SessionView view = record(row, "id-1", ALICE, NOON, closed, 0).view();
        return new SessionRecord(row, "server1",
                new SessionView(view.sessionId(), view.runtime(), view.digest(), view.status(), view.subject(), view.createdAt(),
                        view.lastActivityAt(), view.startMode(), view.startTime(), view.vm(), view.terminationReason(), usage),
                Optional.empty(), Optional.empty(), closed);
    }
}

package dev.agentruntime.store;

import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A record that no working ledger refuses: what is refused beside it is to blame itself. It is never kept. */
final class Probe {

    private static final String NAME = "probe";

    /** Rolls the transaction back. */
    static final class Passed extends RuntimeException {
        Passed() {
            super("The probe was taken.", null, false, false);
        }
    }

    private Probe() {}

    static SessionRecord record() {
        SessionView view = new SessionView(NAME, NAME, NAME, SessionView.Status.PROVISIONING, new Subject(NAME, NAME),
                Instant.EPOCH, Instant.EPOCH, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                new Usage(0, BigDecimal.ZERO, 0, 0, MeterSource.HYPERVISOR));
        return new SessionRecord(UUID.randomUUID().toString(), NAME, view, Optional.empty(), Optional.empty(), Optional.empty());
    }
}

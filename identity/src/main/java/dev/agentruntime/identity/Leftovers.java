package dev.agentruntime.identity;

import dev.agentruntime.store.Sql;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Takes out of the database what is of no use any more. For one thread; blocks on the database. */
final class Leftovers {

    /** Who asks for a consent that has ended is told so for a while. */
    static final Duration TOLD = Duration.ofHours(1);

    private static final int AT_ONCE = 200;
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final IdentityStore store;
    private final Clock clock;
    private Instant next = Instant.EPOCH;

    Leftovers(IdentityStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Once a minute, however often it is called. */
    void tick() {
        Instant now = Sql.storable(clock.instant());
        if (now.isBefore(next)) {
            return;
        }
        next = now.plus(PAUSE);
        store.run(tables -> {
            ConsentRows consents = new ConsentRows(tables.transaction());
            for (Consent ended : consents.endedBefore(now.minus(TOLD), AT_ONCE)) {
                consents.delete(ended);
            }
            return new Secrets(tables.transaction()).deleteEnded(now);
        });
    }
}

package dev.agentruntime.control;

import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.api.RuntimeAuthorizers;
import dev.agentruntime.api.WorkloadIdentities;
import dev.agentruntime.requests.Shapes;
import dev.agentruntime.spi.AgentOffers;
import dev.agentruntime.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Puts the room together. Its owner calls {@link #tick()} once a second. Thread-safe. */
final class ControlPlane {

    private static final Logger LOG = Logger.getLogger(ControlPlane.class.getName());
    private static final Duration BETWEEN_CLEANINGS = Duration.ofHours(1);

    private final ControlStore store;
    private final Clock clock;
    private final Offers offers;
    private final Settling settling;
    private final ControlDoor door;
    private final AtomicReference<Instant> cleaned = new AtomicReference<>(Instant.EPOCH);

    /** @param identities of agent runtimes; empty while no room has any */
    ControlPlane(Database database, Hosting hosting, Supplier<ControlSettings> settings, Supplier<Optional<WorkloadIdentities>> identities, Clock clock) {
        ControlSettings first = settings.get();
        this.store = new ControlStore(database);
        this.clock = clock;
        Artifacts artifacts = new Artifacts(first.directory(), settings);
        ReadOnlyRuntimes readOnly = new ReadOnlyRuntimes(hosting, clock);
        Views views = new Views(first.arns(), identities);
        this.offers = new Offers(store, artifacts, readOnly, settings);
        this.settling = new Settling(store, hosting, clock);
        this.door = new ControlDoor(Shapes.load(ControlPlane.class, "facts.json", "additions.json"), new Runtimes(store, artifacts, readOnly, views, clock),
                new Endpoints(store, readOnly, views, clock), new Tags(store, readOnly, first.arns()), artifacts, first.arns(), offers::refreshOrLater);
    }

    RoomOperations operations() {
        return door;
    }

    AgentOffers offers() {
        return offers;
    }

    RuntimeAuthorizers authorizers() {
        return offers;
    }

    /** Brings changes to their end, and offers what is to be prepared. Blocks on the database; what fails is tried at the next tick. */
    void tick() {
        try {
            settling.tick();
            offers.refreshWhereChanged();
            forgetOldTokens();
        } catch (ControlException databaseAway) {
            LOG.log(Level.FINE, databaseAway, () -> "Tried again at the next tick.");
        } catch (RuntimeException | Error e) { // whoever calls this each second would never do so again
            ControlMessage.UNEXPECTED.log(LOG, e, "looking after the agent runtimes", e.toString());
        }
    }

    private void forgetOldTokens() {
        Instant now = clock.instant();
        if (cleaned.get().plus(BETWEEN_CLEANINGS).isBefore(now)) {
            cleaned.set(now);
            store.run(tables -> Tokens.forgetOld(tables, now));
        }
    }
}

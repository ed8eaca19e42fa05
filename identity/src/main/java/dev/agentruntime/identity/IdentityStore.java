package dev.agentruntime.identity;

import dev.agentruntime.identity.IdentityException.Kind;
import dev.agentruntime.store.Database;
import dev.agentruntime.store.Room;
import dev.agentruntime.store.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;

/** This room's tables. Thread-safe; blocks on the database. */
final class IdentityStore {

    private static final Logger LOG = Logger.getLogger(IdentityStore.class.getName());
    private static final String ROOM = "identity";
    private static final int NEWEST = 4;
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int MOST_TOLD = 1000;

    /** What is done in one transaction. */
    @FunctionalInterface
    interface Work<T> {
        T with(Tables tables) throws SQLException;
    }

    private final Room room;
    private final AtomicBoolean told = new AtomicBoolean();

    IdentityStore(Database database) {
        this.room = database.room(ROOM, IdentityStore.class, NEWEST);
    }

    /**
     * Does {@code work} in a transaction, once more where another did the same at the same time.
     *
     * @throws IdentityException what the work throws; of kind INTERNAL where the database is away
     */
    <T> T run(Work<T> work) {
        try {
            T done = room.runAgain(LIMIT, transaction -> work.with(new Tables(transaction)));
            told.set(false);
            return done;
        } catch (SQLException e) {
            if (!told.getAndSet(true)) { // once, though it is tried again every second
                IdentityMessage.STORE.log(LOG, Sql.storable(String.valueOf(e.getMessage()), MOST_TOLD));
            }
            throw new IdentityException(Kind.INTERNAL, "The database of identities does not answer. Ask again in a moment.", e);
        }
    }
}

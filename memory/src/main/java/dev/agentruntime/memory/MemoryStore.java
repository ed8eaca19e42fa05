package dev.agentruntime.memory;

import dev.agentruntime.memory.MemoryException.Kind;
import dev.agentruntime.store.Database;
import dev.agentruntime.store.Room;
import dev.agentruntime.store.Sql;
import dev.agentruntime.store.Transaction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;

/** This room's tables. Thread-safe; blocks on the database. */
final class MemoryStore {

    private static final Logger LOG = Logger.getLogger(MemoryStore.class.getName());
    private static final String ROOM = "memory";
    private static final int NEWEST = 3;
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int MOST_TOLD = 1000;

    /** What is done in one transaction. */
    @FunctionalInterface
    interface Work<T> {
        T with(Transaction transaction) throws SQLException;
    }

    private final Room room;
    private final AtomicBoolean told = new AtomicBoolean();

    MemoryStore(Database database) {
        this.room = database.room(ROOM, MemoryStore.class, NEWEST);
    }

    /**
     * Does {@code work} in a transaction, once more where another did the same at the same time.
     *
     * @throws MemoryException what the work throws; of kind INTERNAL where the database is away
     */
    <T> T run(Work<T> work) {
        try {
            T done = room.runAgain(LIMIT, work::with);
            told.set(false);
            return done;
        } catch (SQLException e) {
            if (!told.getAndSet(true)) { // once, though it is tried again every second
                MemoryMessage.STORE.log(LOG, Sql.storable(String.valueOf(e.getMessage()), MOST_TOLD));
            }
            throw new MemoryException(Kind.INTERNAL, "The database of memories does not answer. Ask again in a moment.", e);
        }
    }
}

package dev.agentruntime.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** The tables of one room, made or changed at their first use. Thread-safe. */
public final class Room {

    /** What is done in one transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T with(Transaction transaction) throws SQLException;
    }

    private static final int ATTEMPTS = 10;
    /** Of those who met in the middle one comes first the next time. */
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

    private enum State { UNKNOWN, CURRENT }

    private final Connections connections;
    private final Migrations migrations;
    private final ReentrantLock migrating = new ReentrantLock();
    private volatile State state = State.UNKNOWN;

    Room(Connections connections, Migrations migrations) {
        this.connections = connections;
        this.migrations = migrations;
    }

    /**
     * Does {@code work} in a transaction of its own, which is committed when the work returns and rolled back when it
     * throws. Blocks: for {@code limit} at most where the driver can be interrupted, and for as long as the data source
     * takes to give a connection. The first use waits for the room's migrations, too.
     *
     * @throws SQLException the database is away, too slow, or refuses the work
     */
    public <T> T run(Duration limit, Work<T> work) throws SQLException {
        Deadline deadline = Deadline.in(limit);
        if (state == State.UNKNOWN) {
            migrate(deadline);
        }
        try (Connection connection = connections.open()) {
            return Transaction.run(connection, deadline, work);
        }
    }

    /**
     * The same, once more where another did the same at the same time: a key that is there already, a deadlock.
     *
     * @param limit of one attempt
     */
    public <T> T runAgain(Duration limit, Work<T> work) throws SQLException {
        for (int attempt = 1;; attempt++) {
            try {
                return run(limit, work);
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !Failures.isCollision(e)) {
                    throw e;
                }
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE.toNanos()));
            }
        }
    }

    private void migrate(Deadline deadline) throws SQLException {
        if (!acquired(deadline)) {
            throw new SQLTimeoutException("The tables of the room " + migrations.room() + " are still being brought up to date.");
        }
        try {
            if (state == State.UNKNOWN) {
                migrations.run(connections, deadline);
                state = State.CURRENT;
            }
        } finally {
            migrating.unlock();
        }
    }

    private boolean acquired(Deadline deadline) throws SQLException {
        try {
            return migrating.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTimeoutException("Interrupted while the tables of the room " + migrations.room() + " were brought up to date.", e);
        }
    }
}

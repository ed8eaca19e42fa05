package dev.agentruntime.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to change tables. H2, which runs in this process, locks all others out while it changes one, for seconds, or has them not find
 * it: so there is one turn at a time. Other databases look after themselves.
 */
final class Turn implements AutoCloseable {

    private static final ReentrantLock H2 = new ReentrantLock();

    private final boolean isOfH2;

    private Turn(boolean isOfH2) {
        this.isOfH2 = isOfH2;
    }

    /** Blocks until it is there, or throws SQLTimeoutException at the deadline. */
    static Turn of(Connection connection, Deadline deadline) throws SQLException {
        boolean isOfH2 = connection.getMetaData().getDatabaseProductName().equals(EmptyFile.PRODUCT);
        try {
            while (isOfH2 && !H2.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
                // What is left says when nothing is.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientException("Interrupted while another changes the tables.", e);
        }
        return new Turn(isOfH2);
    }

    @Override
    public void close() {
        if (isOfH2) {
            H2.unlock();
        }
    }
}

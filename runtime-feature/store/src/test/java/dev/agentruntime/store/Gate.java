package dev.agentruntime.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Connections to a database that can be taken away, or answer nobody. */
final class Gate implements Connections {

    private final Connections database;
    private final AtomicInteger waiting = new AtomicInteger();
    private boolean away;
    private CountDownLatch open = new CountDownLatch(0);

    Gate(Connections database) {
        this.database = database;
    }

    /** Whoever comes waits until something else is said. */
    synchronized void hang() {
        open = new CountDownLatch(1);
    }

    synchronized void fail() {
        away = true;
        open.countDown();
    }

    synchronized void work() {
        away = false;
        open.countDown();
    }

    int waiting() {
        return waiting.get();
    }

    @Override
    public Connection open() throws SQLException {
        waiting.incrementAndGet();
        try {
            gate().await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLNonTransientConnectionException("Interrupted.", "08006", e);
        } finally {
            waiting.decrementAndGet();
        }
        if (isAway()) {
            throw new SQLNonTransientConnectionException("Connection refused.", "08001");
        }
        return database.open();
    }

    private synchronized CountDownLatch gate() {
        return open;
    }

    private synchronized boolean isAway() {
        return away;
    }
}

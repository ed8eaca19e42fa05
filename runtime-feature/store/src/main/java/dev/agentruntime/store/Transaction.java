package dev.agentruntime.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One transaction, whose statements must be done before its deadline. For one thread. */
public final class Transaction {

    private static final Logger LOG = Logger.getLogger(Transaction.class.getName());
    /** The database is to tell by itself that a statement took too long; only one that is silent is cut off. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Connection connection;
    private final Deadline deadline;

    private Transaction(Connection connection, Deadline deadline) {
        this.connection = connection;
        this.deadline = deadline;
    }

    /** A statement that is cancelled at the transaction's deadline. Whoever asks closes it. */
    public PreparedStatement prepare(String sql) throws SQLException {
        int seconds = deadline.secondsLeft();
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            statement.setQueryTimeout(seconds);
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    /** Does what needs no result. */
    void execute(String sql) throws SQLException {
        try (PreparedStatement statement = prepare(sql)) {
            statement.execute();
        }
    }

    Connection connection() {
        return connection;
    }

    static <T> T run(Connection connection, Deadline deadline, Room.Work<T> work) throws SQLException {
        int before = cutOffAfter(connection, deadline.left().plus(GRACE));
        connection.setAutoCommit(false);
        try {
            T result = work.with(new Transaction(connection, deadline));
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            rollBack(connection, e);
            throw e;
        } finally {
            restore(connection, before);
        }
    }

    /** A connection that is lost cannot roll back either; what it was lost at is told. */
    private static void rollBack(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** Returns the limit before. A driver that knows none (H2, whose file is here) is left without. */
    private static int cutOffAfter(Connection connection, Duration limit) {
        try {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(limit.toMillis()));
            return before;
        } catch (SQLException e) {
            LOG.log(Level.FINE, e, () -> "The driver knows no limit for silence.");
            return 0;
        }
    }

    private static void restore(Connection connection, int networkTimeout) {
        try {
            if (!connection.isClosed()) {
                connection.setNetworkTimeout(Runnable::run, networkTimeout);
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            LOG.log(Level.FINE, e, () -> "The connection could not be given back as it was.");
        }
    }
}

package dev.agentruntime.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Logger;

/**
 * Brings the tables of one room to the newest version, each version once and in a transaction of its own. Its row is
 * written last: a database that commits each change of a table at once (H2) may be left half-way, and then the same
 * statements are run again. Where two servers begin at once, one finds the other's tables or row there, and looks again; what uses one H2 takes
 * turns.
 */
record Migrations(String room, Class<?> anchor, int newest) {

    private static final Logger LOG = Logger.getLogger(Migrations.class.getName());
    private static final Duration LIMIT_OF_ONE = Duration.ofMinutes(10);
    private static final int ATTEMPTS = 20;
    /** Of those who met in the middle one comes first the next time. */
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

    /** @param deadline for looking which version there is; a change of tables may take minutes */
    void run(Connections connections, Deadline deadline) throws SQLException {
        int failures = 0;
        while (true) {
            try (Connection connection = connections.open(); Turn turn = Turn.of(connection, deadline)) {
                int version = Transaction.run(connection, deadline, transaction -> Schema.version(transaction, room));
                if (version >= newest) {
                    return;
                }
                Transaction.run(connection, Deadline.in(LIMIT_OF_ONE), transaction -> apply(transaction, version + 1));
                StoreMessage.MIGRATED.log(LOG, room, version + 1);
            } catch (SQLException e) {
                if (++failures == ATTEMPTS || !Failures.isCollision(e)) {
                    throw e;
                }
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE.toNanos()));
            }
        }
    }

    private int apply(Transaction transaction, int version) throws SQLException {
        for (String sql : script(version).split(";")) {
            if (!sql.isBlank()) {
                transaction.execute(sql);
            }
        }
        try (PreparedStatement row = transaction.prepare(
                "INSERT INTO agent_schema (room, version, applied_at) VALUES (?, ?, CURRENT_TIMESTAMP)")) {
            row.setString(1, room);
            row.setInt(2, version);
            return row.executeUpdate();
        }
    }

    private String script(int version) throws SQLException {
        String name = room + "/" + version + ".sql";
        try (InputStream in = anchor.getResourceAsStream(name)) {
            if (in == null) {
                throw new SQLException("The migration " + name + " is missing beside " + anchor.getName() + ".");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new SQLException("The migration " + name + " cannot be read.", e);
        }
    }
}

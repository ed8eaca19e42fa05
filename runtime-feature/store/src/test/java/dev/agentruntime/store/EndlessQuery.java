package dev.agentruntime.store;

import java.sql.Connection;
import java.sql.SQLException;

/** A statement that runs until it is ended. */
final class EndlessQuery {

    private EndlessQuery() {}

    static String in(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductName().equals("H2")
                ? "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 10000000) a, SYSTEM_RANGE(1, 10000000) b" : "SELECT pg_sleep(60)";
    }
}

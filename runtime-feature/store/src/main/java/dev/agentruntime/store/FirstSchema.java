package dev.agentruntime.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A database from before rooms had numbers of their own: its table {@code agent_schema_version} counts for the ledger. */
final class FirstSchema {

    private static final String TABLE = "agent_schema_version";
    private static final String ROOM = "ledger";

    private FirstSchema() {}

    /** The version of {@code room} that was reached then; zero where there is none. */
    static int version(Transaction transaction, String room) throws SQLException {
        if (!room.equals(ROOM) || !isThere(transaction.connection())) {
            return 0;
        }
        try (PreparedStatement select = transaction.prepare("SELECT MAX(version) FROM " + TABLE)) {
            return Migrations.number(select);
        }
    }

    /** In the schema that statements use; names are in capitals in one database and in small letters in another. */
    private static boolean isThere(Connection connection) throws SQLException {
        try (ResultSet tables = connection.getMetaData().getTables(null, connection.getSchema(), null, new String[] {"TABLE", "BASE TABLE"})) {
            while (tables.next()) {
                if (tables.getString("TABLE_NAME").equalsIgnoreCase(TABLE)) {
                    return true;
                }
            }
            return false;
        }
    }
}

package dev.agentruntime.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** What is in the database before this room looks at it. */
final class Schema {

    private static final String OF_ROOMS = "agent_schema";
    /** From before rooms had numbers of their own: it counts for the ledger. */
    private static final String OF_LEDGER = "agent_schema_version";
    private static final String LEDGER = "ledger";

    private Schema() {}

    /** The number of the last migration of {@code room} that was done; zero before the first. Makes the table of numbers. */
    static int version(Transaction transaction, String room) throws SQLException {
        Set<String> tables = tables(transaction.connection());
        if (tables.isEmpty()) {
            EmptyFile.look(transaction);
        }
        if (!tables.contains(OF_ROOMS)) {
            transaction.execute("CREATE TABLE IF NOT EXISTS " + OF_ROOMS + " (room VARCHAR(64) NOT NULL,"
                    + " version INTEGER NOT NULL, applied_at TIMESTAMP(6) WITH TIME ZONE NOT NULL, PRIMARY KEY (room, version))");
        }
        int first = room.equals(LEDGER) && tables.contains(OF_LEDGER)
                ? number(transaction, "SELECT MAX(version) FROM " + OF_LEDGER) : 0;
        return Math.max(first, number(transaction, "SELECT MAX(version) FROM " + OF_ROOMS + " WHERE room = ?", room));
    }

    private static int number(Transaction transaction, String sql, String... parameters) throws SQLException {
        try (PreparedStatement select = transaction.prepare(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                select.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? rows.getInt(1) : 0;
            }
        }
    }

    /** In the schema that statements use; names are in capitals in one database and in small letters in another. */
    private static Set<String> tables(Connection connection) throws SQLException {
        Set<String> names = new HashSet<>();
        try (ResultSet tables = connection.getMetaData().getTables(
                null, connection.getSchema(), null, new String[] {"TABLE", "BASE TABLE"})) {
            while (tables.next()) {
                names.add(tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }
}

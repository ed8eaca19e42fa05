package dev.agentruntime.runtime.ledger;

import dev.agentruntime.runtime.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.logging.Logger;

/** Brings the schema to the newest version: the files {@code 1.sql}, {@code 2.sql} … beside this class, each once. */
final class Migrations {

    private static final Logger LOG = Logger.getLogger(Migrations.class.getName());
    private static final int NEWEST = 1;
    private static final String TABLE = "agent_schema_version";

    private Migrations() {}

    static void run(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS " + TABLE
                    + " (version INTEGER NOT NULL PRIMARY KEY, applied_at TIMESTAMP(6) WITH TIME ZONE NOT NULL)");
        }
        connection.commit();
        int version = version(connection);
        while (version < NEWEST) {
            apply(connection, ++version);
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT MAX(version) FROM " + TABLE)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** The version's row is written first: where two servers begin at once, its key lets only one of them go on. */
    private static void apply(Connection connection, int version) throws SQLException {
        try (PreparedStatement row = connection.prepareStatement(
                "INSERT INTO " + TABLE + " (version, applied_at) VALUES (?, CURRENT_TIMESTAMP)");
                Statement statement = connection.createStatement()) {
            row.setInt(1, version);
            row.executeUpdate();
            for (String sql : script(version).split(";")) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
        }
        connection.commit();
        Message.LEDGER_MIGRATED.log(LOG, version);
    }

    private static String script(int version) throws SQLException {
        try (InputStream in = Migrations.class.getResourceAsStream(version + ".sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new SQLException("Migration " + version + " cannot be read.", e);
        }
    }
}

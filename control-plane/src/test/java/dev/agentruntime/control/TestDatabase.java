package dev.agentruntime.control;

import dev.agentruntime.store.Connections;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** A database of a test's own: H2 in a file, or a schema in the one that {@code -Dagentruntime.ledger.url} names. */
final class TestDatabase implements Connections, AutoCloseable {

    private static final String OTHER = System.getProperty("agentruntime.ledger.url", "");

    private final String url;
    private final String schema;
    private final AtomicReference<Optional<Error>> error = new AtomicReference<>(Optional.empty());

    TestDatabase(Path folder) throws SQLException {
        boolean h2 = OTHER.isEmpty();
        url = h2 ? "jdbc:h2:file:" + folder.resolve("control") + ";USER=sa;DB_CLOSE_DELAY=-1" : OTHER;
        schema = h2 ? "PUBLIC" : "agrt_" + UUID.randomUUID().toString().replace("-", "");
        if (!h2) {
            execute("CREATE SCHEMA " + schema);
        }
    }

    /** Opening a connection fails by an error, once. */
    void breakWith(Error once) {
        error.set(Optional.of(once));
    }

    @Override
    public Connection open() throws SQLException {
        error.getAndSet(Optional.empty()).ifPresent(once -> {
            throw once;
        });
        Connection connection = DriverManager.getConnection(url);
        connection.setSchema(schema);
        return connection;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        execute(OTHER.isEmpty() ? "SHUTDOWN" : "DROP SCHEMA " + schema + " CASCADE");
    }
}

package dev.agentruntime.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** An empty database of a test's own: H2 in a file, or a schema in the one that {@code -Dagentruntime.ledger.url} names. */
public final class TestDatabase implements Connections, AutoCloseable {

    static final String PROPERTY = "agentruntime.ledger.url";
    private static final String OTHER = System.getProperty(PROPERTY, "");

    static {
        if (OTHER.isEmpty()) {
            System.out.println("The tests of the store run on H2 alone: -D" + PROPERTY + "=jdbc:postgresql:… was not given.");
        }
    }

    private final String url;
    private final String schema;
    private final AutoCloseable end;

    private TestDatabase(String url, String schema, AutoCloseable end) {
        this.url = url;
        this.schema = schema;
        this.end = end;
    }

    public static Stream<TestDatabase> all() {
        return OTHER.isEmpty() ? Stream.of(h2()) : Stream.of(h2(), other());
    }

    public static TestDatabase h2() {
        try {
            Path folder = Files.createTempDirectory("agrt-store");
            String url = "jdbc:h2:file:" + folder.resolve("ledger") + ";USER=sa";
            Connection held = DriverManager.getConnection(url);
            return new TestDatabase(url, "PUBLIC", () -> {
                held.close();
                delete(folder);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TestDatabase other() {
        String schema = "agrt_" + UUID.randomUUID().toString().replace("-", "");
        TestDatabase database = new TestDatabase(OTHER, schema, () -> {
            try (Connection connection = DriverManager.getConnection(OTHER); Statement statement = connection.createStatement()) {
                statement.execute("DROP SCHEMA " + schema + " CASCADE");
            }
        });
        try (Connection connection = DriverManager.getConnection(OTHER); Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
        } catch (SQLException e) {
            throw new IllegalStateException("The database of -D" + PROPERTY + " cannot be used: " + e.getMessage(), e);
        }
        return database;
    }

    /** The test's name shows it. */
    @Override
    public String toString() {
        return url.startsWith("jdbc:h2:") ? "H2" : "the database of -D" + PROPERTY;
    }

    @Override
    public Connection open() throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        connection.setSchema(schema);
        return connection;
    }

    public void execute(String... statements) throws SQLException {
        try (Connection connection = open(); Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Rows as their first column's text. */
    public List<String> select(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = open(); PreparedStatement select = connection.prepareStatement(sql);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    @Override
    public void close() throws Exception {
        end.close();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

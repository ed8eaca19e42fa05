package dev.agentruntime.liberty;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** An empty database that several servers share: H2 in memory, or a schema in the one that {@code -Dagentruntime.ledger.url} names. */
enum SharedDatabase {
    H2 {
        @Override
        DataSource open() {
            JdbcDataSource source = new JdbcDataSource();
            source.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
            source.setUser("sa");
            return source;
        }
    },
    POSTGRESQL {
        @Override
        DataSource open() throws SQLException {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setURL(URL);
            String schema = "agrt_" + UUID.randomUUID().toString().replace("-", "");
            try (Connection connection = source.getConnection(); Statement statement = connection.createStatement()) {
                statement.execute("CREATE SCHEMA " + schema);
            }
            source.setCurrentSchema(schema);
            return source;
        }
    };

    private static final String URL = System.getProperty("agentruntime.ledger.url", "");

    abstract DataSource open() throws SQLException;

    /** Those that this run of the tests has. */
    static Stream<SharedDatabase> all() {
        return URL.isEmpty() ? Stream.of(H2) : Stream.of(values());
    }
}

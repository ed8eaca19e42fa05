package dev.agentruntime.examples.liberty;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The PostgreSQL that the build was given, with a schema of its own for the orders. */
record OrdersDatabase(String url) {

    private static final String SCHEMA = "example_orders";

    static Optional<OrdersDatabase> ofThisRun() {
        return Optional.ofNullable(System.getProperty("agentruntime.ledger.url"))
                .filter(url -> url.startsWith("jdbc:postgresql:")).map(OrdersDatabase::new);
    }

    /** Makes the schema anew and returns what the agent is told. */
    Map<String, String> settings() {
        execute("drop schema if exists " + SCHEMA + " cascade");
        execute("create schema " + SCHEMA);
        URI address = URI.create(url.substring("jdbc:".length()));
        Map<String, String> query = Arrays.stream(address.getQuery().split("&")).map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        return Map.of("ORDERS_DB_URL", "jdbc:postgresql://" + address.getAuthority() + address.getPath() + "?currentSchema=" + SCHEMA
                        + "&ApplicationName=example-orders",
                "ORDERS_DB_USER", query.get("user"), "ORDERS_DB_PASSWORD", query.get("password"));
    }

    /** Ends the agent's connections, as a database that is restarted does. */
    void endConnections() {
        execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'example-orders'");
    }

    int connections() {
        try (Connection connection = DriverManager.getConnection(url); Statement statement = connection.createStatement();
             ResultSet count = statement.executeQuery("select count(*) from pg_stat_activity where application_name = 'example-orders'")) {
            count.next();
            return count.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql + ": " + e.getMessage(), e);
        }
    }
}

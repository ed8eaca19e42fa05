package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** An agent in VMs that keeps its orders in the tests' PostgreSQL, through an outbound for TCP. {@code ./verify -Dlong}. */
@ArquillianTest
@RunAsClient
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(named = "long", matches = "true")
@EnabledIfSystemProperty(named = "agentruntime.ledger.url", matches = "jdbc:postgresql:.+")
class OrdersIT {

    private static final String LEDGER = System.getProperty("agentruntime.ledger.url", "");
    private static final String NAME = "orders-under-test";

    private ExampleAgent agent;

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @BeforeAll
    void add() {
        URI database = URI.create(LEDGER.substring("jdbc:".length()));
        Map<String, String> login = Arrays.stream(database.getQuery().split("&")).map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        agent = ExampleAgent.added("orders", "pauseAfter=\"2s\"", """
                <outbound name="orders-db" tcp="%s"/>
                <env name="ORDERS_DB_URL" value="jdbc:postgresql://orders-db.outbound:%d%s?ApplicationName=%s"/>
                <env name="ORDERS_DB_USER" value="%s"/><env name="ORDERS_DB_PASSWORD" value="%s"/>
                """.formatted(database.getAuthority(), database.getPort(), database.getPath(), NAME, login.get("user"), login.get("password")));
    }

    @AfterAll
    void remove() {
        agent.close();
    }

    @Test
    void twoSessionsOrderFromOneDatabaseAtOnceOverConnectionsOfTheirOwn() {
        List<String> sessions = List.of(newSession(), newSession());
        long before = ordered(sessions.get(0));

        List<List<JsonObject>> receipts = sessions.stream()
                .map(session -> CompletableFuture.supplyAsync(() -> Stream.generate(() -> order(session)).limit(10).toList())).toList().stream()
                .map(CompletableFuture::join).toList();

        assertThat(ordered(sessions.get(1))).isEqualTo(before + 20);
        assertThat(backends(receipts.get(0))).doesNotContainAnyElementsOf(backends(receipts.get(1)));
        assertThat(agent.connections(sessions.get(0))).contains("outbound/orders-db");
        agent.tellFigures(sessions.get(0));
    }

    @Test
    void pooledConnectionsSurviveAPause() {
        String session = newSession();
        order(session);
        List<Integer> open = backendsOf();
        String vm = agent.vm(session);
        await().atMost(Duration.ofSeconds(60)).until(() -> Host.arePaused(List.of(vm)));

        JsonObject receipt = order(session);

        assertThat(open).as("connections from before the pause").contains(receipt.getInt("backend"));
    }

    @Test
    void connectionsThatTheDatabaseEndsDuringAPauseAreReplaced() throws SQLException {
        String session = newSession();
        order(session);
        String vm = agent.vm(session);
        await().atMost(Duration.ofSeconds(60)).until(() -> Host.arePaused(List.of(vm)));
        List<Integer> open = backendsOf();
        end(open);

        long begun = System.nanoTime();
        JsonObject receipt = order(session);

        System.out.println("orders: over new connections after " + (System.nanoTime() - begun) / 1_000_000 + " ms");
        assertThat(open).doesNotContain(receipt.getInt("backend"));
    }

    private JsonObject order(String session) {
        return AgentClient.json(agent.answer(session, "{\"item\": \"paper\"}"));
    }

    private long ordered(String session) {
        return AgentClient.json(agent.answer(session, "{}")).getJsonNumber("ordered").longValue();
    }

    private static List<Integer> backends(List<JsonObject> receipts) {
        return receipts.stream().map(receipt -> receipt.getInt("backend")).distinct().toList();
    }

    /** The database's processes that serve the agent. */
    private static List<Integer> backendsOf() {
        try (Connection connection = DriverManager.getConnection(LEDGER);
             PreparedStatement query = connection.prepareStatement("select pid from pg_stat_activity where application_name = ?")) {
            query.setString(1, NAME);
            List<Integer> found = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getInt(1));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void end(List<Integer> backends) throws SQLException {
        try (Connection connection = DriverManager.getConnection(LEDGER);
             PreparedStatement end = connection.prepareStatement("select pg_terminate_backend(?)")) {
            for (int backend : backends) {
                end.setInt(1, backend);
                end.execute();
            }
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> backendsOf().stream().noneMatch(backends::contains));
    }
}

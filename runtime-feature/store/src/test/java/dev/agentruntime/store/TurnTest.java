package dev.agentruntime.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class TurnTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Connection H2 = of("H2");

    private static Connection of(String product) {
        DatabaseMetaData data = (DatabaseMetaData) Proxy.newProxyInstance(TurnTest.class.getClassLoader(), new Class<?>[] {DatabaseMetaData.class},
                (proxy, method, arguments) -> product);
        return (Connection) Proxy.newProxyInstance(TurnTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> data);
    }

    private static CompletableFuture<Void> takes(Connection connection, Duration limit) {
        return CompletableFuture.runAsync(() -> {
            try (Turn turn = Turn.of(connection, Deadline.in(limit))) {
                assertThat(turn).isNotNull();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }, work -> new Thread(work).start());
    }

    @Test
    void whoeverUsesH2WaitsForTheOneBefore() throws SQLException {
        CompletableFuture<Void> other;
        try (Turn turn = Turn.of(H2, Deadline.in(LONG))) {
            assertThat(turn).isNotNull();
            other = takes(H2, LONG);
            assertThat(other).failsWithin(Duration.ofMillis(50));
        }
        assertThat(other).succeedsWithin(LONG);
    }

    @Test
    void nobodyWaitsBeyondHisDeadline() throws SQLException {
        try (Turn turn = Turn.of(H2, Deadline.in(LONG))) {
            assertThat(turn).isNotNull();
            assertThat(takes(H2, Duration.ofMillis(50))).failsWithin(LONG).withThrowableThat().withRootCauseInstanceOf(SQLTimeoutException.class);
        }
        assertThat(takes(H2, LONG)).succeedsWithin(LONG);
    }

    @Test
    void otherDatabasesLookAfterThemselves() throws SQLException {
        try (Turn turn = Turn.of(of("PostgreSQL"), Deadline.in(LONG))) {
            assertThat(turn).isNotNull();
            assertThat(takes(of("PostgreSQL"), LONG)).succeedsWithin(LONG);
        }
    }

    @Test
    void whoeverIsInterruptedIsTold() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> Turn.of(H2, Deadline.in(LONG))).isInstanceOf(SQLTransientException.class);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }
}

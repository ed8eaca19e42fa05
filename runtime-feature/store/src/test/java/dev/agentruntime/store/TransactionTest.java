package dev.agentruntime.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TransactionTest {

    private final List<String> calls = new ArrayList<>();

    @Test
    void everyStatementAndTheConnectionItselfHaveALimitAndAreGivenBackAsTheyWere() throws SQLException {
        Transaction.run(connection(Set.of()), Deadline.in(Duration.ofSeconds(3)), transaction -> {
            transaction.execute("SELECT 1");
            return 0;
        });
        assertThat(calls.get(1)).matches("setNetworkTimeout (39\\d\\d|4000)");
        assertThat(calls).filteredOn(call -> !call.startsWith("setNetworkTimeout (?!77)"))
                .containsSubsequence("setAutoCommit false", "prepareStatement SELECT 1", "setQueryTimeout 3", "execute", "commit",
                        "setNetworkTimeout 77", "setAutoCommit true");
    }

    @Test
    void aDriverWithoutALimitForSilenceIsUsedWithoutOne() throws SQLException {
        int result = Transaction.run(connection(Set.of("setNetworkTimeout", "getNetworkTimeout")), Deadline.in(Duration.ofSeconds(3)), transaction -> 7);
        assertThat(result).isEqualTo(7);
        assertThat(calls).contains("commit");
    }

    @Test
    void afterTheDeadlineNothingIsBegun() {
        Deadline over = new Deadline(Duration.ofSeconds(2), System.nanoTime() - 1);
        assertThatThrownBy(() -> Transaction.run(connection(Set.of()), over, transaction -> 0))
                .isInstanceOf(SQLTimeoutException.class).hasMessageContaining("2000 ms");
        assertThat(calls).isEmpty();
    }

    @Test
    void aFailureIsRolledBackAndALostConnectionDoesNotHideIt() {
        assertThatThrownBy(() -> Transaction.run(connection(Set.of("rollback")), Deadline.in(Duration.ofSeconds(3)), transaction -> {
            throw new SQLException("The work failed.");
        })).hasMessage("The work failed.").satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(calls).contains("rollback").doesNotContain("commit");
    }

    @Test
    void workThatMeetsAnErrorIsRolledBackBeforeTheConnectionIsGivenBack() {
        assertThatThrownBy(() -> Transaction.run(connection(Set.of()), Deadline.in(Duration.ofSeconds(3)), transaction -> {
            throw new OutOfMemoryError("unable to create native thread");
        })).isInstanceOf(OutOfMemoryError.class);
        assertThat(calls).containsSubsequence("rollback", "setAutoCommit true").doesNotContain("commit");
    }

    @Test
    void aCommitThatFailsIsAFailure() {
        assertThatThrownBy(() -> Transaction.run(connection(Set.of("commit")), Deadline.in(Duration.ofSeconds(3)), transaction -> 0))
                .isInstanceOf(SQLFeatureNotSupportedException.class);
    }

    @Test
    void lessThanASecondIsNotTakenForNoLimitAtAll() throws SQLException {
        assertThat(Deadline.in(Duration.ofMillis(200)).secondsLeft()).isEqualTo(1);
        assertThat(Deadline.in(Duration.ofMillis(2_200)).secondsLeft()).isEqualTo(3);
    }

    private Connection connection(Set<String> broken) {
        return (Connection) proxy(Connection.class, broken);
    }

    private Object proxy(Class<?> type, Set<String> broken) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
            Object last = arguments == null ? "" : arguments[arguments.length - 1];
            calls.add((method.getName() + " " + last).strip());
            if (broken.contains(method.getName())) {
                throw new SQLFeatureNotSupportedException(method.getName());
            }
            return switch (method.getName()) {
                case "prepareStatement" -> proxy(PreparedStatement.class, broken);
                case "getNetworkTimeout" -> 77;
                case "isClosed", "execute" -> false;
                default -> null;
            };
        });
    }
}

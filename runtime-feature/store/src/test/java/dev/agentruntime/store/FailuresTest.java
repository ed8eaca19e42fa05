package dev.agentruntime.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FailuresTest {

    @ParameterizedTest
    @ValueSource(strings = {"08001", "08006", "57P01", "57014", "53300", "58030", "40001", "40P01", "28P01", "3D000", "HYT00"})
    void aDatabaseThatIsAwayOrBusyRefusesNobodyInParticular(String state) {
        assertThat(Failures.isAway(new SQLException("x", state))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"22001", "22021", "22003", "22008", "23505", "23502", "42P01", "54000", "0A000"})
    void whatIsWrongWithTheWorkIsARefusal(String state) {
        assertThat(Failures.isAway(new SQLException("x", state))).isFalse();
    }

    @Test
    void aTimeoutOrAFailureWithoutAStateIsNoRefusal() {
        assertThat(Failures.isAway(new SQLTimeoutException("too long"))).isTrue();
        assertThat(Failures.isAway(new SQLException("There is no data source yet."))).isTrue();
        assertThat(Failures.isAway(new SQLException("closed", "90121", 90121))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "40001", "42P07", "42S01", "42S11", "42S02"})
    void whatAnotherDidAtTheSameTimeIsACollision(String state) {
        assertThat(Failures.isCollision(new SQLException("x", state))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"22001", "42P01", "08001", "", "4"})
    void otherFailuresAreNoCollision(String state) {
        assertThat(Failures.isCollision(new SQLException("x", state))).isFalse();
    }
}

package dev.agentruntime.liberty;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.store.NotBoundException;
import org.junit.jupiter.api.Test;

final class JndiConnectionsTest {

    /** No name is bound in a JVM without a naming service. */
    @Test
    void aDataSourceThatIsNotBoundYetIsToldFromADatabaseThatIsAway() {
        assertThatThrownBy(() -> new JndiConnections("jdbc/agents").open())
                .isInstanceOf(NotBoundException.class).hasMessageContainingAll("jdbc/agents", "<dataSource>");
    }
}

package dev.agentruntime.liberty;

import dev.agentruntime.store.Connections;
import java.sql.Connection;
import java.sql.SQLException;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** Connections of a Liberty data source, looked up each time: it may come later than this bundle, or be replaced. */
record JndiConnections(String jndiName) implements Connections {

    @Override
    public Connection open() throws SQLException {
        try {
            return InitialContext.<DataSource>doLookup(jndiName).getConnection();
        } catch (NamingException | ClassCastException e) {
            throw new SQLException("There is no data source " + jndiName + " yet (" + e.getMessage()
                    + "). Configure a <dataSource> of that jndiName.", e);
        }
    }
}

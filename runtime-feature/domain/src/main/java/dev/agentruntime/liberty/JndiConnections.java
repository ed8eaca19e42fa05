package dev.agentruntime.liberty;

import dev.agentruntime.store.Connections;
import dev.agentruntime.store.NotBoundException;
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
        } catch (NamingException e) {
            throw new NotBoundException("There is no data source " + jndiName + " (" + e.getMessage()
                    + "). Configure a <dataSource> of that jndiName.", e);
        } catch (ClassCastException e) {
            throw new SQLException(jndiName + " is no data source (" + e.getMessage() + "). Configure a <dataSource> of that jndiName.", e);
        }
    }
}

package dev.agentruntime.store;

import java.sql.Connection;
import java.sql.SQLException;

/** Where connections to the database come from, a new one each time; the data source may not be there yet. Thread-safe. */
@FunctionalInterface
public interface Connections {

    /**
     * Blocks. Whoever asks closes the connection.
     *
     * @throws NotBoundException there is no data source yet
     * @throws SQLException      it gives no connection
     */
    Connection open() throws SQLException;
}

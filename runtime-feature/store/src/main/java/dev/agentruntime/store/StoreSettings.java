package dev.agentruntime.store;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;

/**
 * Where sessions and their usage are kept.
 *
 * @param dataSource JNDI name of the data source; changes need a restart
 */
public record StoreSettings(String dataSource) {

    /** Reads the attributes that the store has of {@code <agentRuntime>}. */
    public static StoreSettings read(Attributes own) {
        return new StoreSettings(own.text("dataSource", "jdbc/agentRuntime"));
    }

    /** Adds these settings to the configuration in force. */
    public void describe(Effective effective) {
        effective.add("dataSource", dataSource);
    }
}

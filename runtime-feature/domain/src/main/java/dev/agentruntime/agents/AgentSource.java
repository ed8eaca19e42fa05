package dev.agentruntime.agents;

import java.util.List;
import java.util.Map;

/** Where agent runtimes come from. Thread-safe; does not block. */
interface AgentSource {

    /** The agent runtimes that this source has now, by name. */
    Map<String, AgentConfig> agents();

    /** Whether this source has been asked once, or cannot be. */
    default boolean known() {
        return true;
    }

    /** What keeps this source up to date. */
    default List<FileCheck> checks() {
        return List.of();
    }
}

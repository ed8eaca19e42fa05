package dev.agentruntime.identity;

import java.util.Optional;
import java.util.Set;

/** The agent runtimes that there are now. Thread-safe; does not block. */
interface LiveRuntimes {

    /** The names of those of server.xml and of the drop-in folder. */
    Set<String> configured();

    /** The ids of those that were made through the control API; empty while that has not found them again. */
    Optional<Set<String>> made();
}

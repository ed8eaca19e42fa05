package dev.agentruntime.libvirt;

import dev.agentruntime.channel.HostLink;
import java.nio.file.Path;

/** How far a VM has come on its way to its first request. */
sealed interface Stage {

    /** Created and paused; {@code state} has yet to be loaded. */
    record Shell(Path state) implements Stage {}

    /** Its state is loaded; it has never run. */
    record Loaded() implements Stage {}

    /**
     * Memory and state of a VM that had begun a session are loaded; it has not run since.
     *
     * @param hostName what its guest is called
     */
    record Restored(String hostName) implements Stage {}

    /** Its guest has answered over {@link #link()}. */
    sealed interface Reached extends Stage {
        HostLink link();
    }

    /** A clone like any other of its template still. */
    record Linked(HostLink link) implements Reached {}

    /** Has its own identity and has been warmed up. */
    record Primed(HostLink link) implements Reached {}

    /** Its session has begun. */
    record Begun(HostLink link) implements Reached {}
}

package dev.agentruntime.agents;

import java.time.Duration;
import java.util.Optional;

/**
 * What a version of an agent says of its sessions instead of the platform's settings.
 *
 * @param idleTimeout without work, until a session is ended
 * @param maxLifetime of a session, busy or not
 */
public record Lifetimes(Optional<Duration> idleTimeout, Optional<Duration> maxLifetime) {

    /** That of an agent that says nothing of its own. */
    public static final Lifetimes NONE = new Lifetimes(Optional.empty(), Optional.empty());
}

package dev.agentruntime.sessions;

import dev.agentruntime.agents.SessionTerms;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a session may last.
 *
 * @param idleTimeout       without work, until it is ended
 * @param maxLifetime       from its creation, busy or not
 * @param startTimeout      from its creation until its VM must serve
 * @param pauseAfter        without work, until its VM is paused; zero for never
 * @param hypervisorTimeout how long callers wait for a hypervisor that is away before they are told to ask again
 * @param hibernateAfter    without work, until it is put on the disk, its VM paused; zero for never
 */
public record Limits(
        Duration idleTimeout, Duration maxLifetime, Duration startTimeout, Duration pauseAfter, Duration hypervisorTimeout,
        Duration hibernateAfter) {

    /** Of sessions that are never put on the disk. */
    public Limits(Duration idleTimeout, Duration maxLifetime, Duration startTimeout, Duration pauseAfter, Duration hypervisorTimeout) {
        this(idleTimeout, maxLifetime, startTimeout, pauseAfter, hypervisorTimeout, Duration.ZERO);
    }

    /** With what the agent's version says instead. */
    Limits with(SessionTerms own) {
        return new Limits(own.idleTimeout().orElse(idleTimeout), own.maxLifetime().orElse(maxLifetime), startTimeout, pauseAfter,
                hypervisorTimeout, hibernateAfter);
    }

    /** With how long one session may be idle, where that was changed. */
    Limits idleFor(Optional<Duration> changed) {
        return new Limits(changed.orElse(idleTimeout), maxLifetime, startTimeout, pauseAfter, hypervisorTimeout, hibernateAfter);
    }
}

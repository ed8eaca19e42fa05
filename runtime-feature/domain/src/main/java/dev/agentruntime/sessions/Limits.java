package dev.agentruntime.sessions;

import java.time.Duration;

/**
 * How long a session may last.
 *
 * @param idleTimeout  without work, until it is ended
 * @param maxLifetime  from its creation, busy or not
 * @param startTimeout from its creation until its VM must serve
 * @param pauseAfter   without work, until its VM is paused; zero for never
 */
public record Limits(Duration idleTimeout, Duration maxLifetime, Duration startTimeout, Duration pauseAfter) {}

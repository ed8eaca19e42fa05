package dev.agentruntime.store;

import dev.agentruntime.api.Subject;

/**
 * Whose a session id is.
 *
 * @param owner who claimed it first, and owns it for good
 * @param first whether that was this claim: nobody had the id before
 */
public record Claim(Subject owner, boolean first) {}

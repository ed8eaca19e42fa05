package dev.agentruntime.api;

import java.util.Optional;

/**
 * One invocation, before it has a session.
 *
 * @param runtime   the agent runtime's name
 * @param sessionId the session to go on with or to begin; empty for a new one under a generated id
 * @param caller    who asks
 */
public record InvocationRequest(String runtime, Optional<String> sessionId, Caller caller) {}

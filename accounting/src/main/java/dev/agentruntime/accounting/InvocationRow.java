package dev.agentruntime.accounting;

import dev.agentruntime.api.Subject;
import dev.agentruntime.spi.InvocationUse;

/**
 * What one invocation has used, and of whom.
 *
 * @param runtime   its agent
 * @param sessionId its session
 * @param owner     of the session
 */
record InvocationRow(String runtime, String sessionId, Subject owner, InvocationUse use) {}

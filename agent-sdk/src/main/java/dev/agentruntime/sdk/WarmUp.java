package dev.agentruntime.sdk;

import java.util.Map;

/**
 * A request that goes the whole way of an invocation, so that a template of this application has loaded and compiled what
 * an invocation needs; into the agent's method only where {@link AgentEntrypoint#warmUp()} gives it a body. A platform may
 * send it before there is a session; to say that it may, the ping carries {@link #OFFERED}.
 */
final class WarmUp {

    static final String OFFERED = "X-Agent-Runtime-Warm-Up-Offered";
    static final String ASKED = "X-Agent-Runtime-Warm-Up";
    static final Map<String, String> ANSWER = Map.of("status", "warm");

    private WarmUp() {}
}

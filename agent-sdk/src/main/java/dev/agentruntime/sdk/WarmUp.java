package dev.agentruntime.sdk;

import java.util.Map;

/**
 * A request that goes the whole way of an invocation except into the agent's method, so that a template of this
 * application has loaded and compiled what an invocation needs. A platform may send it before a template is taken; to say that it
 * may, the ping carries {@link #OFFERED}.
 */
final class WarmUp {

    static final String OFFERED = "X-Agent-Runtime-Warm-Up-Offered";
    static final String ASKED = "X-Agent-Runtime-Warm-Up";
    static final Map<String, String> ANSWER = Map.of("status", "warm");

    private WarmUp() {}
}

package dev.agentruntime.invocation;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The header names of the contract, and which headers pass between caller and agent. */
final class Headers {

    static final String SESSION_ID = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id";
    static final String AGENT_REQUEST_ID = "X-Amzn-Bedrock-AgentCore-Runtime-Request-Id";
    static final String REQUEST_ID = "x-amzn-requestid";
    static final String LANGUAGE = "Content-Language";
    static final String ERROR_TYPE = "x-amzn-ErrorType";
    static final String CANCEL = "X-Agent-Runtime-Cancel-On-Disconnect";
    /** A caller asks for what its session has cost so far, and what since its request began. */
    static final String REPORT_COST = "X-Agent-Runtime-Report-Cost";
    static final String SESSION_COST = "X-Agent-Runtime-Session-Cost";
    static final String INVOCATION_COST = "X-Agent-Runtime-Invocation-Cost";
    /** Tells a caller whether its session was there. */
    static final String SESSION_ORIGIN = "X-Agent-Runtime-Session";
    static final String CALLER_ISSUER = "X-Agent-Runtime-Caller-Issuer";
    static final String CALLER_SUBJECT = "X-Agent-Runtime-Caller-Subject";

    /** Goes to agents that are to have it only. */
    static final String TOKEN = "Authorization";
    private static final String BEARER = "Bearer ";

    private static final List<String> BOTH_WAYS =
            List.of("mcp-", "x-amzn-bedrock-agentcore-runtime-custom-");
    private static final Set<String> TRACE = Set.of("traceparent", "tracestate", "baggage", "x-amzn-trace-id");
    private static final Set<String> TO_AGENT = Set.of("content-type", "content-encoding", "accept", "accept-language");
    private static final Set<String> TO_CALLER = Set.of(
            "content-type", "content-encoding", "content-language", "content-disposition", "cache-control",
            "x-accel-buffering");

    private Headers() {}

    /** Whether the agent gets to see a header of the caller's. What is not named is not passed, credentials above all. */
    static boolean goesToAgent(String name) {
        return passes(name, TO_AGENT);
    }

    /** Whether the caller gets to see a header of the agent's. */
    static boolean goesToCaller(String name) {
        return passes(name, TO_CALLER);
    }

    /** {@code text} as a header value: what is not visible ASCII is percent-encoded as UTF-8, and so is {@code %}. */
    static String value(String text) {
        StringBuilder value = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f && b != '%') {
                value.append((char) b);
            } else {
                value.append(String.format("%%%02X", b & 0xff));
            }
        }
        return value.toString();
    }

    /** Whether an {@code Authorization} is a token: a signature is the request's, and no agent's to have. */
    static boolean isToken(String authorization) {
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
    }

    /** The token of an {@code Authorization} that is one. */
    static String token(String authorization) {
        return authorization.substring(BEARER.length()).strip();
    }

    private static boolean passes(String name, Set<String> oneWay) {
        String lower = name.toLowerCase(Locale.ROOT);
        return oneWay.contains(lower) || TRACE.contains(lower) || BOTH_WAYS.stream().anyMatch(lower::startsWith);
    }
}

package dev.agentruntime.sdk;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** A copy of what the request said, because containers reuse request objects. */
record InvocationContext(String sessionId, String requestId, Optional<Caller> caller, Map<String, String> headers,
                         AgentTasks tasks) implements AgentContext {

    static final String SESSION_ID = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id";
    static final String REQUEST_ID = "X-Amzn-Bedrock-AgentCore-Runtime-Request-Id";
    static final String CALLER_ISSUER = "X-Agent-Runtime-Caller-Issuer";
    static final String CALLER_SUBJECT = "X-Agent-Runtime-Caller-Subject";

    /** @throws BadRequestException a header that says who calls cannot be read */
    static InvocationContext of(HttpServletRequest request, String sessionIdWithoutHeader, AgentTasks tasks) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.putIfAbsent(name, request.getHeader(name));
        }
        return of(headers, sessionIdWithoutHeader, tasks);
    }

    static InvocationContext of(Map<String, String> headers, String sessionIdWithoutHeader, AgentTasks tasks) {
        Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(headers);
        Optional<Caller> caller = Optional.ofNullable(copy.get(CALLER_ISSUER)).flatMap(issuer ->
                Optional.ofNullable(copy.get(CALLER_SUBJECT)).map(subject -> new Caller(decoded(issuer), decoded(subject))));
        return new InvocationContext(
                copy.getOrDefault(SESSION_ID, sessionIdWithoutHeader),
                Optional.ofNullable(copy.get(REQUEST_ID)).orElseGet(() -> UUID.randomUUID().toString()),
                caller, copy, tasks);
    }

    /** The platform percent-encodes what a header cannot carry; another server passes whatever a client says. */
    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("Invalid header", "A header that says who calls is not percent-encoded: " + Errors.message(e), e);
        }
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}

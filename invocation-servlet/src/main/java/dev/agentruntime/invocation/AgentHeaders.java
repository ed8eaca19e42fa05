package dev.agentruntime.invocation;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.RequestException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;

/**
 * What an agent gets of a request's head: what its caller sent that it is to have, and what the platform says, which no caller can say in
 * its place.
 *
 * @param head   of the caller's request
 * @param token  the caller's own {@code Authorization}, for an agent that is to have it
 * @param caller who asks
 * @param tokens that say for whom agents act
 */
record AgentHeaders(RequestHead head, Optional<String> token, Caller caller, WorkloadTokens tokens) {

    static AgentHeaders of(HttpServletRequest request, RequestHead head, Caller caller, WorkloadTokens tokens) {
        return new AgentHeaders(head, Optional.ofNullable(request.getHeader(Headers.TOKEN)).filter(Headers::isToken), caller, tokens);
    }

    /** @throws RequestException a header is too large: of kind VALIDATION */
    void copyTo(HttpFields.Mutable headers, Invocation found) {
        head.with(found.headers()).forEach(headers::add);
        headers.put(Headers.SESSION_ID, found.sessionId());
        headers.put(Headers.AGENT_REQUEST_ID, found.requestId());
        headers.put(Headers.CALLER_ISSUER, Headers.value(caller.subject().issuer()));
        headers.put(Headers.CALLER_SUBJECT, Headers.value(caller.subject().name()));
        tokens.give(headers, found, caller, token.map(Headers::token));
        if (found.passesToken()) {
            token.ifPresent(value -> headers.put(Headers.TOKEN, value));
        }
    }
}

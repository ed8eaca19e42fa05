package dev.agentruntime.invocation;

import dev.agentruntime.api.RequestException.Kind;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether everybody on a request's way agrees where its body ends. Liberty takes a coding that it does not know for no coding, and a length
 * that it cannot read for none, which it shows to nobody: what a proxy before it takes for the body would then be the next request on the
 * connection, in the name of whoever the proxy serves next.
 */
final class Framing {

    private static final String LENGTH = "Content-Length";
    private static final String CODING = "Transfer-Encoding";
    private static final String CHUNKED = "chunked";
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");
    private static final Pattern NUMBER = Pattern.compile(" *[0-9]{1,18} *");

    private Framing() {}

    /** Why the request is to be refused, and its connection closed; empty where its body's end is clear. */
    static Optional<Refusal> problem(HttpServletRequest request) {
        if (!isFramedByHeaders(request)) {
            return Optional.empty();
        }
        List<String> lengths = Collections.list(request.getHeaders(LENGTH));
        List<String> codings = Collections.list(request.getHeaders(CODING));
        if (lengths.size() > 1 || lengths.stream().anyMatch(length -> !NUMBER.matcher(length).matches())) {
            return refused("The request's " + LENGTH + " must be one number of bytes");
        }
        if (codings.size() > 1 || codings.stream().anyMatch(coding -> !coding.equalsIgnoreCase(CHUNKED))) {
            return refused("The request's " + CODING + " must be " + CHUNKED + " and nothing else");
        }
        return lengths.isEmpty() || codings.isEmpty() ? Optional.empty()
                : refused("The request has " + LENGTH + " and " + CODING + "; send one of them");
    }

    /**
     * Whether a body may follow that nothing announces. There is none where the caller follows the rules; the connection is not used again for
     * the sake of those who do not.
     */
    static boolean isUnsaid(HttpServletRequest request) {
        return WITH_BODY.contains(request.getMethod()) && isFramedByHeaders(request) && request.getHeader(LENGTH) == null
                && request.getHeader(CODING) == null;
    }

    /** Over HTTP/2 frames say where a body ends, and Liberty shows its length twice. */
    private static boolean isFramedByHeaders(HttpServletRequest request) {
        return request.getProtocol().startsWith("HTTP/1");
    }

    private static Optional<Refusal> refused(String why) {
        return Optional.of(Refusal.of(Kind.VALIDATION, why));
    }
}

package dev.agentruntime.invocation;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * A request for a WebSocket whose token is one of its subprotocols, since browsers send no header of a page's own: for everybody
 * behind, it has that token in its {@code Authorization}.
 */
final class SubprotocolToken extends HttpServletRequestWrapper {

    private static final String PREFIX = WebSocketHandshake.BEARER + ".";
    /** As AgentCore has it. */
    private static final int MOST_ENCODED = 4096;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]+");

    private final String token;

    private SubprotocolToken(HttpServletRequest request, String token) {
        super(request);
        this.token = token;
    }

    /** Whether a subprotocol is a token. */
    static boolean isToken(String protocol) {
        return protocol.startsWith(PREFIX);
    }

    /**
     * The request as it is to be judged.
     *
     * @throws RequestException it has a token among its subprotocols that cannot be read, or another one beside it
     */
    static HttpServletRequest of(HttpServletRequest request) {
        if (!WebSocketHandshake.isAsked(request)) {
            return request;
        }
        List<String> tokens = WebSocketHandshake.offered(request).stream().filter(SubprotocolToken::isToken).toList();
        if (tokens.isEmpty()) {
            return request;
        }
        if (tokens.size() > 1 || request.getHeader(Headers.TOKEN) != null) {
            throw new RequestException(Kind.VALIDATION, "The request has more than one token; send it once, in Authorization or among the subprotocols");
        }
        return new SubprotocolToken(request, decoded(tokens.get(0).substring(PREFIX.length())));
    }

    private static String decoded(String encoded) {
        if (encoded.length() <= MOST_ENCODED) {
            try {
                String token = new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.ISO_8859_1);
                if (TOKEN.matcher(token).matches()) {
                    return token;
                }
            } catch (IllegalArgumentException noBase64) {
                // Said below, together with what is no token.
            }
        }
        throw new RequestException(Kind.VALIDATION, "The subprotocol " + PREFIX + " ends in a token, encoded as base64url in at most "
                + MOST_ENCODED + " characters");
    }

    private String authorization() {
        return "Bearer " + token;
    }

    @Override
    public String getHeader(String name) {
        return name.equalsIgnoreCase(Headers.TOKEN) ? authorization() : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return name.equalsIgnoreCase(Headers.TOKEN) ? Collections.enumeration(List.of(authorization())) : super.getHeaders(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        List<String> names = new ArrayList<>(Collections.list(super.getHeaderNames()));
        names.add(Headers.TOKEN);
        return Collections.enumeration(names);
    }

    /** Whom this token names, and nobody whom a cookie does. */
    @Override
    public Principal getUserPrincipal() {
        return super.getUserPrincipal() instanceof JsonWebToken known && token.equals(known.getRawToken()) ? known : null;
    }

    @Override
    public boolean authenticate(HttpServletResponse response) throws IOException, ServletException {
        // The container looks into the message itself.
        CallerConnection.setHeader(this, Headers.TOKEN, authorization());
        return super.authenticate(response) && getUserPrincipal() != null;
    }
}

package dev.agentruntime.invocation;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.InvocationRequest.IfNoneLives;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.client.Response;

/**
 * What of an invocation is MCP's (streamable HTTP): POST brings a message, GET opens the server's stream, DELETE ends the
 * MCP session.
 *
 * @param method     the HTTP method
 * @param mcpSession the MCP session it names
 * @param session    the session it names
 * @param speaksMcp  whether the client is one of MCP's
 */
record McpRequest(String method, Optional<String> mcpSession, Optional<String> session, boolean speaksMcp) {

    static final String SESSION_ID = "Mcp-Session-Id";

    static McpRequest of(HttpServletRequest request) {
        Optional<String> mcpSession = Optional.ofNullable(request.getHeader(SESSION_ID));
        return new McpRequest(request.getMethod(), mcpSession, Optional.ofNullable(request.getHeader(Headers.SESSION_ID)),
                mcpSession.isPresent() || request.getHeader("Mcp-Protocol-Version") != null || acceptsBoth(request));
    }

    /** The specification has clients send both with every POST, and nobody else does. */
    private static boolean acceptsBoth(HttpServletRequest request) {
        String accept = String.join(",", Collections.list(request.getHeaders("Accept"))).toLowerCase(Locale.ROOT);
        return accept.contains("application/json") && accept.contains("text/event-stream");
    }

    boolean hasBody() {
        return method.equals("POST");
    }

    /**
     * What is asked of the platform. What belongs to an MCP session makes sense in the session that this is in, and in none that
     * would be begun for it; nor does a GET or DELETE begin one.
     *
     * @throws RequestException it names an MCP session that is not known, or is no request that begins a session
     */
    InvocationRequest invocation(McpSessions known, String runtime, Caller caller) {
        Optional<String> ofMcp = mcpSession.flatMap(id -> known.find(runtime, caller.subject(), id));
        if (session.isEmpty() && mcpSession.isPresent() && ofMcp.isEmpty()) {
            throw new RequestException(Kind.NOT_FOUND, "There is no MCP session of this " + SESSION_ID
                    + "; initialize a new one, or name the session in " + Headers.SESSION_ID);
        }
        Optional<String> found = session.or(() -> ofMcp);
        if (found.isEmpty() && !hasBody()) {
            throw new RequestException(Kind.VALIDATION, "A " + method + " belongs to a session: name it in " + SESSION_ID + " or "
                    + Headers.SESSION_ID);
        }
        boolean begins = hasBody() && (ofMcp.isEmpty() || !ofMcp.equals(found));
        return new InvocationRequest(runtime, found, caller, begins ? IfNoneLives.BEGIN : IfNoneLives.REFUSE);
    }

    /** Keeps the MCP session that a success has named or ended. */
    void succeeded(McpSessions known, String runtime, Subject subject, Response answer, String inSession) {
        Optional<String> named = Optional.ofNullable(answer.getHeaders().get(SESSION_ID));
        named.ifPresent(id -> known.keep(runtime, subject, id, inSession));
        if (method.equals("DELETE")) {
            mcpSession.ifPresent(id -> known.forget(runtime, subject, id));
        }
    }

    /** The id that the client is given by us, where it has none, and needs one, and the agent gives none. */
    Optional<String> idFor(Response answer, String inSession) {
        return speaksMcp && hasBody() && mcpSession.isEmpty() && session.isEmpty() && !answer.getHeaders().contains(SESSION_ID)
                ? Optional.of(McpSessions.idFor(inSession)) : Optional.empty();
    }

    /** Whether a client of MCP acts on this status of an agent's, so that it should see it as it is. */
    boolean understands(int status) {
        return speaksMcp && (status == 404 && mcpSession.isPresent() || status == 405 && !hasBody());
    }
}

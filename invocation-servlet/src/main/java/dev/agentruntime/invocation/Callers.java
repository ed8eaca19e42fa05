package dev.agentruntime.invocation;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.Subject;
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Reads the caller from the token that the container has verified. */
final class Callers {

    private Callers() {}

    /**
     * @param tenantClaim the claim that names the caller's tenant
     * @throws RequestException there is no verified token; or it has none of the platform's roles; or it names no issuer or
     *     no subject, so sessions could not be told apart
     */
    static Caller of(HttpServletRequest request, String tenantClaim) {
        if (!(request.getUserPrincipal() instanceof JsonWebToken token)) {
            throw new RequestException(RequestException.Kind.PLATFORM,
                    "The request carries no verified token. Without a key store Liberty falls back to Basic authentication:"
                            + " configure a <keyStore>");
        }
        boolean admin = request.isUserInRole("agent-admin");
        if (!admin && !request.isUserInRole("agent-invoker")) {
            throw new RequestException(RequestException.Kind.FORBIDDEN,
                    "The token has neither agent-invoker nor agent-admin among its 'groups'");
        }
        String subject = Optional.ofNullable(token.getSubject()).orElseGet(token::getName);
        if (token.getIssuer() == null || subject == null) {
            throw new RequestException(RequestException.Kind.FORBIDDEN,
                    "The token names no issuer or no subject: both 'iss' and 'sub' are needed to own a session");
        }
        Subject who = new Subject(token.getIssuer(), subject);
        return text(token.getClaim(tenantClaim)).map(tenant -> Caller.of(who, tenant, admin)).orElseGet(() -> new Caller(who, admin));
    }

    /** A list or an object names no one tenant; taking it for none keeps its caller apart from all. */
    private static Optional<String> text(Object claim) {
        String text = claim instanceof JsonString json ? json.getString()
                : claim instanceof String || claim instanceof Number || claim instanceof JsonNumber ? claim.toString() : "";
        return Optional.of(text).filter(name -> !name.isBlank());
    }
}

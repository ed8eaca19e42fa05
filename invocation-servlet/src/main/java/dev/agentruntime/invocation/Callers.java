package dev.agentruntime.invocation;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Reads the caller from the token that the container has verified. */
final class Callers {

    /** What providers use is far below; the ledger and the agent's headers have to take it. */
    static final int MOST_CHARACTERS = 1024;

    private static final String AUTHORIZATION = "Authorization";
    private static final String CHALLENGE = "WWW-Authenticate";
    private static final String NO_KEY_STORE = "Without a key store Liberty falls back to Basic authentication: configure a <keyStore>";

    private Callers() {}

    /**
     * Whether the container has verified a token that came with this request; where it has not, its challenge is in the
     * response. A principal alone is not enough: a cookie of another application of the server may bring one, from a page that
     * its user never meant to ask anything of agents; browsers send user and password by themselves, too.
     */
    static boolean isVerified(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        boolean known = request.getUserPrincipal() instanceof JsonWebToken || request.authenticate(response);
        return known && Optional.ofNullable(request.getHeader(AUTHORIZATION)).filter(Headers::isToken).isPresent();
    }

    /**
     * The answer to a request without a verified token; what the container has said of it as a challenge stays, unless that asks
     * for user and password although it is the token that is no good.
     */
    static Refusal notVerified(HttpServletRequest request, HttpServletResponse response) {
        String challenge = Objects.requireNonNullElse(response.getHeader(CHALLENGE), "");
        String authorization = Objects.requireNonNullElse(request.getHeader(AUTHORIZATION), "");
        Optional<String> noName = UnverifiedToken.claimThatIsNoName(authorization);
        if (noName.isPresent()) {
            response.setHeader(CHALLENGE, "Bearer realm=\"agents\", error=\"invalid_token\"");
            return unauthorized("The token's '" + noName.get() + "' has a control character, such as a line break; no name may have one");
        }
        if (challenge.isEmpty()) {
            response.setHeader(CHALLENGE, "Bearer realm=\"agents\"");
        }
        if (challenge.startsWith("Basic")) {
            return unauthorized("No token can be verified. " + NO_KEY_STORE
                    + (authorization.isEmpty() ? "" : ". If other tokens are taken, Liberty cannot make a user of this one: see CWWKS in the server's log"));
        }
        return unauthorized(authorization.isEmpty() ? "The request has no token; send it as Authorization: Bearer TOKEN"
                : "The token is not valid here: it has expired, is of another issuer or audience, or is not signed by its key");
    }

    private static Refusal unauthorized(String why) {
        return Refusal.ofStatus(HttpServletResponse.SC_UNAUTHORIZED, why);
    }

    /**
     * The owner of sessions is the token's {@code sub} and nothing in its place: at one issuer, another claim of one person may
     * read like the {@code sub} of another.
     *
     * @param tenantClaim the claim that names the caller's tenant
     * @throws RequestException there is no verified token; or it has none of the platform's roles; or it names no issuer or
     *     no subject, so sessions could not be told apart; or these or the tenant are no names
     */
    static Caller of(HttpServletRequest request, String tenantClaim) {
        if (!(request.getUserPrincipal() instanceof JsonWebToken token)) {
            throw new RequestException(Kind.PLATFORM,
                    "The request carries no verified token. " + NO_KEY_STORE);
        }
        boolean admin = request.isUserInRole("agent-admin");
        if (!admin && !request.isUserInRole("agent-invoker")) {
            throw forbidden("The token has neither agent-invoker nor agent-admin among its 'groups'");
        }
        Subject who = new Subject(name("iss", token.getIssuer()), name("sub", token.getSubject()));
        return text(token.getClaim(tenantClaim))
                .map(tenant -> Caller.of(who, name(tenantClaim, tenant), admin))
                .orElseGet(() -> new Caller(who, admin));
    }

    private static String name(String claim, String value) {
        String text = Objects.requireNonNullElse(value, "");
        if (text.codePoints().allMatch(Callers::isInvisible)) {
            throw forbidden("The token has no '" + claim + "', or an empty one: both 'iss' and 'sub' are needed to own a session");
        }
        if (text.length() > MOST_CHARACTERS) {
            throw forbidden("The token's '" + claim + "' has more than " + MOST_CHARACTERS + " characters");
        }
        if (text.codePoints().anyMatch(Callers::isNoText)) {
            throw forbidden("The token's '" + claim + "' has a control character");
        }
        return text;
    }

    private static boolean isInvisible(int character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character) || Character.getType(character) == Character.FORMAT;
    }

    /** Control characters, line and paragraph separators, and halves of a character. */
    static boolean isNoText(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
            default -> false;
        };
    }

    private static RequestException forbidden(String why) {
        return new RequestException(Kind.FORBIDDEN, why);
    }

    /** A list or an object names no one tenant; taking it for none keeps its caller apart from all. */
    private static Optional<String> text(Object claim) {
        String text = claim instanceof JsonString json ? json.getString()
                : claim instanceof String || claim instanceof Number || claim instanceof JsonNumber ? claim.toString() : "";
        return Optional.of(text).filter(name -> !name.isBlank());
    }
}

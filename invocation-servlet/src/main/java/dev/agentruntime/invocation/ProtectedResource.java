package dev.agentruntime.invocation;

import dev.agentruntime.api.InboundIdentity;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.TokensTaken;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells whoever has no token yet whose tokens open an agent runtime: RFC 9728. Anybody may ask. */
final class ProtectedResource {

    private static final String DOCUMENT = "/.well-known/oauth-protected-resource";
    private static final PathPattern PATH = PathPattern.of("/runtimes/{runtime}/invocations" + DOCUMENT);
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]_-]+");
    private static final Pattern QUALIFIER = Pattern.compile("(?:^|&)qualifier=([A-Za-z][A-Za-z0-9_]{0,47})(?:&|$)");

    private ProtectedResource() {}

    /** How an agent runtime is named in a request for its document; empty where it is a request for something else. */
    static Optional<String> asked(HttpServletRequest request, String rawPath) {
        return Optional.of(rawPath).filter(path -> List.of("GET", "HEAD").contains(request.getMethod()))
                .flatMap(PathPattern::segments).flatMap(PATH::match).map(path -> path.get("runtime"));
    }

    /**
     * The document.
     *
     * @param named   the agent runtime as the path names it
     * @param meant   its name
     * @param servers the server's own issuer, where it is known
     * @throws RequestException no token opens it: of kind NOT_FOUND
     */
    static JsonObject document(HttpServletRequest request, String named, String meant, InboundIdentity room, Optional<String> servers) {
        TokensTaken tokens = room.tokens(meant, Query.of(request).first("qualifier").orElse("")).orElseThrow(() -> new RequestException(Kind.NOT_FOUND,
                "No token opens this agent runtime; sign requests to it with an access key"));
        JsonObjectBuilder json = Json.createObjectBuilder().add("resource", invocations(request, named).orElse(""))
                .add("resource_name", RuntimeName.of(named));
        tokens.issuer().or(() -> servers).ifPresent(issuer -> json.add("authorization_servers", array(List.of(issuer))));
        if (!tokens.scopes().isEmpty()) {
            json.add("scopes_supported", array(tokens.scopes()));
        }
        return json.add("bearer_methods_supported", array(List.of("header"))).build();
    }

    private static JsonArrayBuilder array(List<String> texts) {
        JsonArrayBuilder array = Json.createArrayBuilder();
        texts.forEach(array::add);
        return array;
    }

    /** A challenge that also says where the document is, where it is one for tokens. */
    static String challenge(String challenge, HttpServletRequest request, String named) {
        Matcher qualifier = QUALIFIER.matcher(Optional.ofNullable(request.getQueryString()).orElse(""));
        return challenge.startsWith("Bearer ") ? invocations(request, named).map(url -> challenge + ", resource_metadata=\"" + url + DOCUMENT
                + "?qualifier=" + (qualifier.find() ? qualifier.group(1) : "DEFAULT") + "\"").orElse(challenge) : challenge;
    }

    private static Optional<String> invocations(HttpServletRequest request, String named) {
        return Optional.of(Doorman.host(request)).filter(host -> HOST.matcher(host).matches()).map(host -> request.getScheme() + "://" + host
                + request.getContextPath() + "/runtimes/" + URLEncoder.encode(named, StandardCharsets.UTF_8).replace("+", "%20") + "/invocations");
    }
}

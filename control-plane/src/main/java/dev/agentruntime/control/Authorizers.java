package dev.agentruntime.control;

import dev.agentruntime.api.JwtAuthorizer;
import dev.agentruntime.requests.FieldProblem;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which tokens open a version, in the words of AgentCore's {@code authorizerConfiguration}, whose shape has been checked. */
final class Authorizers {

    private static final String FIELD = "authorizerConfiguration.customJWTAuthorizer";
    private static final List<String> UNKNOWN = List.of("privateEndpoint", "privateEndpointOverrides", "allowedWorkloadConfiguration",
            "advertisedScopeMapping");

    private Authorizers() {}

    /** Empty where a version is opened as any agent is. */
    static Optional<JwtAuthorizer> of(JsonObject settings) {
        return settings.get("authorizerConfiguration") instanceof JsonObject configuration
                ? Optional.of(authorizer(configuration.getJsonObject("customJWTAuthorizer"))) : Optional.empty();
    }

    private static JwtAuthorizer authorizer(JsonObject given) {
        List<JwtAuthorizer.Claim> claims = given.get("customClaims") instanceof JsonArray all
                ? all.getValuesAs(JsonObject.class).stream().map(Authorizers::claim).toList() : List.of();
        return new JwtAuthorizer(given.getString("discoveryUrl"), texts(given, "allowedAudience"), texts(given, "allowedClients"),
                texts(given, "allowedScopes"), claims);
    }

    private static JwtAuthorizer.Claim claim(JsonObject given) {
        JsonObject match = given.getJsonObject("authorizingClaimMatchValue");
        JsonObject value = match.getJsonObject("claimMatchValue");
        return new JwtAuthorizer.Claim(given.getString("inboundTokenClaimName"), given.getString("inboundTokenClaimValueType"),
                match.getString("claimMatchOperator"), value.get("matchValueString") instanceof JsonString text ? List.of(text.getString())
                        : texts(value, "matchValueStringList"));
    }

    private static List<String> texts(JsonObject given, String name) {
        return given.get(name) instanceof JsonArray all ? all.getValuesAs(JsonString.class).stream().map(JsonString::getString).toList() : List.of();
    }

    /** What of it cannot be done. */
    static List<FieldProblem> problems(JsonObject input) {
        if (!(input.get("authorizerConfiguration") instanceof JsonObject configuration)) {
            return List.of();
        }
        JsonObject given = configuration.getJsonObject("customJWTAuthorizer");
        List<FieldProblem> problems = new ArrayList<>();
        UNKNOWN.stream().filter(name -> given.containsKey(name) && !given.isNull(name))
                .forEach(name -> problems.add(new FieldProblem(FIELD + "." + name, "is not supported")));
        JwtAuthorizer authorizer = authorizer(given);
        if (!isDocument(authorizer.discoveryUrl())) {
            problems.add(new FieldProblem(FIELD + ".discoveryUrl", "must be https://HOST/PATH/.well-known/openid-configuration"));
        }
        if (authorizer.audiences().isEmpty() && authorizer.clients().isEmpty() && authorizer.scopes().isEmpty() && authorizer.claims().isEmpty()) {
            problems.add(new FieldProblem(FIELD, "must have one or more of allowedAudience, allowedClients, allowedScopes and customClaims:"
                    + " its issuer has tokens for others too"));
        }
        for (int i = 0; i < authorizer.claims().size(); i++) {
            String at = FIELD + ".customClaims[" + i + "]";
            problem(authorizer.claims().get(i)).ifPresent(why -> problems.add(new FieldProblem(at, why)));
        }
        return problems;
    }

    private static boolean isDocument(String text) {
        try {
            URI uri = URI.create(text);
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            return web && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static Optional<String> problem(JwtAuthorizer.Claim claim) {
        boolean list = claim.valueType().equals("STRING_ARRAY");
        if (list == claim.operator().equals("EQUALS")) {
            return Optional.of("must be EQUALS with STRING, or CONTAINS or CONTAINS_ANY with STRING_ARRAY");
        }
        if (!claim.operator().equals("CONTAINS_ANY") && claim.values().size() != 1 || claim.values().isEmpty()) {
            return Optional.of("must have a matchValueString, or with CONTAINS_ANY a matchValueStringList");
        }
        return Optional.empty();
    }
}

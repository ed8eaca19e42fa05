package dev.agentruntime.identity;

import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.JWTBearerGrant;
import com.nimbusds.oauth2.sdk.id.Audience;
import com.nimbusds.oauth2.sdk.token.Token;
import com.nimbusds.oauth2.sdk.token.TokenTypeURI;
import com.nimbusds.oauth2.sdk.token.TypelessAccessToken;
import com.nimbusds.oauth2.sdk.tokenexchange.TokenExchangeGrant;
import dev.agentruntime.identity.IdentityException.Kind;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tokens for a user whose own token the platform has: token exchange (RFC 8693), or the user's token as an assertion (RFC 7523, 2.1). The
 * user's token stays on the host. Thread-safe; blocks on the database and on providers.
 */
final class ExchangedTokens {

    private static final String MICROSOFT = "MicrosoftOauth2";
    private static final String BY_ASSERTION = "JWT_AUTHORIZATION_GRANT";

    private final UserTokens users;
    private final MachineTokens machine;
    private final TokenEndpoint endpoint;
    private final TokenCache cache;

    ExchangedTokens(UserTokens users, MachineTokens machine, TokenEndpoint endpoint, TokenCache cache) {
        this.users = users;
        this.machine = machine;
        this.endpoint = endpoint;
        this.cache = cache;
    }

    /** @param anew a new one, also where there is one that is good */
    String get(Acting acting, Provider provider, Asked asked, boolean anew) {
        String own = users.find(acting).orElseThrow(() -> new IdentityException(Kind.DENIED, "The platform has no token of this user that is still good, to act on"
                + " their behalf with. Invoke the agent with the user's token; outside a session get the workload access token with it, by GetWorkloadAccessTokenForJWT."));
        Slot user = new Slot(Slot.Kind.USER_TOKEN, acting.workload(), acting.issuer(), acting.subject(), "", List.of());
        TokenCache.Key key = new TokenCache.Key(acting.workload(), user.owner(), provider.name(), provider.updatedAt(), asked, Digests.of(own));
        return (anew ? cache.anew(key, () -> issued(acting, provider, asked, own)) : cache.get(key, () -> issued(acting, provider, asked, own))).accessToken();
    }

    private Issued issued(Acting acting, Provider provider, Asked asked, String own) {
        JsonObject config = provider.settings().get("onBehalfOfTokenExchangeConfig") instanceof JsonObject given ? given : JsonValue.EMPTY_JSON_OBJECT;
        boolean microsoft = provider.vendor().equals(MICROSOFT);
        Map<String, String> parameters = new TreeMap<>(asked.parameters());
        if (microsoft) {
            parameters.put("requested_token_use", "on_behalf_of");
        }
        boolean byAssertion = config.getString("grantType", microsoft ? BY_ASSERTION : "").equals(BY_ASSERTION);
        return endpoint.issued(provider, byAssertion ? assertion(own) : exchange(acting, provider, asked, own, config), asked, parameters);
    }

    private static AuthorizationGrant assertion(String own) {
        try {
            return new JWTBearerGrant(SignedJWT.parse(own));
        } catch (ParseException e) {
            throw new ProviderException("the user's token is no JWT", e);
        }
    }

    private AuthorizationGrant exchange(Acting acting, Provider provider, Asked asked, String own, JsonObject config) {
        JsonObject actor = config.get("tokenExchangeGrantTypeConfig") instanceof JsonObject given ? given : JsonValue.EMPTY_JSON_OBJECT;
        List<Audience> audiences = asked.audiences().isEmpty() ? null : asked.audiences().stream().map(Audience::new).toList();
        if (!actor.getString("actorTokenContent", "NONE").equals("M2M")) {
            return new TokenExchangeGrant(token(own), TokenTypeURI.ACCESS_TOKEN, null, null, null, audiences);
        }
        List<String> scopes = actor.get("actorTokenScopes") instanceof JsonArray some
                ? some.getValuesAs(JsonString.class).stream().map(JsonString::getString).toList() : List.of();
        String machines = machine.get(acting.workload(), provider, Asked.ofScopes(scopes), false);
        return new TokenExchangeGrant(token(own), TokenTypeURI.ACCESS_TOKEN, token(machines), TokenTypeURI.ACCESS_TOKEN, null, audiences);
    }

    private static Token token(String text) {
        return new TypelessAccessToken(text);
    }
}

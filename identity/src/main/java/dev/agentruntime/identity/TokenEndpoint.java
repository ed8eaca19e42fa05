package dev.agentruntime.identity;

import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.token.Tokens;
import dev.agentruntime.net.Texts;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Has providers issue tokens. Thread-safe; blocks while they answer. */
final class TokenEndpoint {

    private static final int OK = 200;

    private final ProviderWire wire;
    private final Discovery discovery;
    private final ProviderSecrets secrets;
    private final Clock clock;

    TokenEndpoint(ProviderWire wire, Discovery discovery, ProviderSecrets secrets, Clock clock) {
        this.wire = wire;
        this.discovery = discovery;
        this.secrets = secrets;
        this.clock = clock;
    }

    /**
     * What a provider issues for {@code grant}. It is asked once.
     *
     * @param parameters beside what the grant says
     * @throws ProviderException it issues nothing, or cannot be reached
     */
    Issued issued(Provider provider, AuthorizationGrant grant, Asked asked, Map<String, String> parameters) {
        Endpoints endpoints = discovery.of(provider);
        TokenRequest.Builder request = new TokenRequest.Builder(endpoints.token(), ClientProof.of(provider, secrets.read(provider), endpoints.token(), clock), grant);
        if (!asked.scopes().isEmpty()) {
            request.scope(asked.scope());
        }
        request.resources(asked.resourceUris());
        parameters.forEach((name, value) -> request.customParameter(name, value));
        HTTPResponse answer;
        try {
            answer = wire.send(provider, request.build().toHTTPRequest());
        } catch (IOException e) {
            throw new ProviderException(e.getMessage(), e);
        }
        return issued(answer);
    }

    private Issued issued(HTTPResponse answer) {
        try {
            TokenResponse response = TokenResponse.parse(answer);
            if (response.indicatesSuccess()) {
                Tokens tokens = response.toSuccessResponse().getTokens();
                long seconds = tokens.getAccessToken().getLifetime();
                return new Issued(tokens.getAccessToken().getValue(), Optional.ofNullable(tokens.getRefreshToken()).map(token -> token.getValue()),
                        seconds > 0 ? Optional.of(clock.instant().plusSeconds(seconds)) : Optional.empty());
            }
            throw refused(Optional.ofNullable(response.toErrorResponse().getErrorObject()).map(error -> error.getCode()), answer);
        } catch (ParseException noTokens) {
            throw refused(word(answer), answer);
        }
    }

    /** Some vendors refuse with the status 200. */
    private static Optional<String> word(HTTPResponse answer) {
        try {
            return Optional.ofNullable(answer.getBodyAsJSONObject().get("error")).map(String::valueOf);
        } catch (ParseException noJson) {
            return Optional.empty();
        }
    }

    private static ProviderException refused(Optional<String> word, HTTPResponse answer) {
        return word.map(Texts::shown).map(known -> new ProviderException(Optional.of(known), "it answers '" + known + "'"))
                .orElseGet(() -> new ProviderException(Optional.empty(), answer.getStatusCode() == OK ? "its answer has no token that can be read"
                        : "it answers with the status " + answer.getStatusCode() + "; redirects are not followed"));
    }
}

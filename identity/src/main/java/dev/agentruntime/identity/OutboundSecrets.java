package dev.agentruntime.identity;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.requests.InputException;
import dev.agentruntime.spi.OutboundCredentials;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.WantedCredential;
import dev.agentruntime.spi.WantedCredential.Flow;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Credentials that go from the vault or from a provider to a service without entering a guest. Thread-safe; blocks on the database, on files
 * and on providers.
 */
final class OutboundSecrets implements OutboundCredentials {

    private static final int MOST_BEGUN = 10_000;
    private static final String SESSION = "sessionUri";

    private final SessionWorkloads sessions;
    private final Credentials credentials;
    private final Oauth2Tokens tokens;
    /** Session URIs of consents that are waited for: who asks again is sent to the same page. */
    private final Map<Slot, String> begun = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Slot, String> eldest) {
            return size() > MOST_BEGUN;
        }
    });

    OutboundSecrets(SessionWorkloads sessions, Credentials credentials, Oauth2Tokens tokens) {
        this.sessions = sessions;
        this.credentials = credentials;
        this.tokens = tokens;
    }

    @Override
    public String credential(SessionFacts session, WantedCredential wanted) {
        Acting acting = sessions.of(session).orElseThrow(() -> new RequestException(RequestException.Kind.PLATFORM,
                "The workload identity of the agent " + session.runtime() + " is not known yet. Ask again in a moment."));
        try {
            return wanted.flow() == Flow.API_KEY ? credentials.apiKey(acting, wanted.provider()) : accessToken(acting, wanted);
        } catch (IdentityException refused) {
            throw new RequestException(refused.kind() == IdentityException.Kind.INTERNAL ? RequestException.Kind.PLATFORM : RequestException.Kind.FORBIDDEN,
                    refused.getMessage(), refused);
        } catch (InputException cannotBegin) {
            throw new RequestException(RequestException.Kind.FORBIDDEN, cannotBegin.getMessage(), cannotBegin);
        }
    }

    private String accessToken(Acting acting, WantedCredential wanted) {
        Slot place = new Slot(Slot.Kind.GRANT, acting.workload(), acting.issuer(), acting.subject(), wanted.provider(), wanted.scopes());
        JsonObject answer = asked(acting, wanted, Optional.ofNullable(begun.remove(place)));
        if (answer.containsKey("accessToken")) {
            return answer.getString("accessToken");
        }
        begun.put(place, answer.getString(SESSION));
        throw new RequestException(RequestException.Kind.FORBIDDEN, "The user has to consent first, for the credential provider " + wanted.provider() + ": "
                + answer.getString("authorizationUrl"));
    }

    /** Of a consent that came to nothing, or that is over, another one is begun. */
    private JsonObject asked(Acting acting, WantedCredential wanted, Optional<String> waiting) {
        JsonObjectBuilder input = Json.createObjectBuilder().add("oauth2Flow", wanted.flow().name()).add("scopes", Json.createArrayBuilder(wanted.scopes()));
        JsonObject anew = input.build();
        if (waiting.isPresent()) {
            try {
                JsonObject answer = tokens.token(acting, wanted.provider(), Json.createObjectBuilder(anew).add(SESSION, waiting.get()).build());
                if (answer.containsKey("accessToken") || answer.containsKey("authorizationUrl")) {
                    return answer;
                }
            } catch (IdentityException over) {
                if (over.kind() == IdentityException.Kind.INTERNAL) {
                    throw over;
                }
            }
        }
        return tokens.token(acting, wanted.provider(), anew);
    }
}

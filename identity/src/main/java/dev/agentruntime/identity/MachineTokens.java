package dev.agentruntime.identity;

import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import java.util.Map;
import java.util.TreeMap;

/** Tokens of workloads themselves: client credentials (RFC 6749, 4.4). They are nobody's, and the same for each user. Thread-safe; blocks. */
final class MachineTokens {

    private static final String AUDIENCE = "audience";

    private final TokenEndpoint endpoint;
    private final TokenCache cache;

    MachineTokens(TokenEndpoint endpoint, TokenCache cache) {
        this.endpoint = endpoint;
        this.cache = cache;
    }

    /** @param anew a new one, also where there is one that is good */
    String get(String workload, Provider provider, Asked asked, boolean anew) {
        TokenCache.Key key = new TokenCache.Key(workload, "", provider.name(), provider.updatedAt(), asked, "");
        return (anew ? cache.anew(key, () -> issued(provider, asked)) : cache.get(key, () -> issued(provider, asked))).accessToken();
    }

    private Issued issued(Provider provider, Asked asked) {
        Map<String, String> parameters = new TreeMap<>(asked.parameters());
        if (!asked.audiences().isEmpty()) {
            parameters.put(AUDIENCE, String.join(" ", asked.audiences()));
        }
        return endpoint.issued(provider, new ClientCredentialsGrant(), asked, parameters);
    }
}

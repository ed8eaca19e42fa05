package dev.agentruntime.inbound;

import dev.agentruntime.net.Permit;
import java.net.URI;
import java.util.List;

/**
 * Which tokens open an agent runtime.
 *
 * @param discovery where their issuer describes itself
 * @param permit    which addresses the issuer may have
 * @param audiences one of which must be among {@code aud}; any where there are none
 * @param clients   one of which must be {@code client_id}; any where there are none
 * @param scopes    one of which must be in {@code scope}; any where there are none
 */
record TokenRules(URI discovery, Permit permit, List<String> audiences, List<String> clients, List<String> scopes, List<ClaimRule> claims) {

    /** With what a discovery URL ends. */
    static final String WELL_KNOWN = "/.well-known/openid-configuration";

    TokenRules {
        audiences = List.copyOf(audiences);
        clients = List.copyOf(clients);
        scopes = List.copyOf(scopes);
        claims = List.copyOf(claims);
    }

    /** Who describes itself there. */
    String issuer() {
        String document = discovery.toString();
        return document.substring(0, document.length() - WELL_KNOWN.length());
    }

    @Override
    public String toString() {
        return "tokens of " + discovery + (audiences.isEmpty() ? "" : " for " + audiences) + (clients.isEmpty() ? "" : " of clients " + clients)
                + (scopes.isEmpty() ? "" : " with one of the scopes " + scopes) + (claims.isEmpty() ? "" : " with claims " + claims);
    }
}

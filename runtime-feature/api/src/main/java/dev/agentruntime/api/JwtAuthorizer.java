package dev.agentruntime.api;

import java.util.List;

/**
 * Which tokens open an agent runtime that trusts one issuer, as the agent runtime itself says. Nothing of it has been checked.
 *
 * @param discoveryUrl where the issuer describes itself
 * @param audiences    one of which must be among {@code aud}; any where there are none
 * @param clients      one of which must be {@code client_id}; any where there are none
 * @param scopes       one of which must be in {@code scope}; any where there are none
 * @param claims       what further claims must be
 */
public record JwtAuthorizer(String discoveryUrl, List<String> audiences, List<String> clients, List<String> scopes, List<Claim> claims) {

    /**
     * What a claim must be.
     *
     * @param valueType STRING or STRING_ARRAY
     * @param operator  EQUALS, CONTAINS or CONTAINS_ANY
     * @param values    with which it is compared; one, but for CONTAINS_ANY
     */
    public record Claim(String name, String valueType, String operator, List<String> values) {

        /** Takes a copy. */
        public Claim {
            values = List.copyOf(values);
        }
    }

    /** Takes copies. */
    public JwtAuthorizer {
        audiences = List.copyOf(audiences);
        clients = List.copyOf(clients);
        scopes = List.copyOf(scopes);
        claims = List.copyOf(claims);
    }
}

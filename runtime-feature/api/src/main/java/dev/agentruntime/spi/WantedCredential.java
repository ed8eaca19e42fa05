package dev.agentruntime.spi;

import java.util.List;

/**
 * What a service is shown.
 *
 * @param provider the name of the credential provider that has it
 * @param flow     how it is got
 * @param scopes   what an access token is to give a right to; none of an API key
 */
public record WantedCredential(String provider, Flow flow, List<String> scopes) {

    /** Copies the scopes. */
    public WantedCredential {
        scopes = List.copyOf(scopes);
    }

    /** Of access tokens as AgentCore names the flows. */
    public enum Flow {
        /** None: it is a key that the provider has. */
        API_KEY,
        /** The agent acts for itself. */
        M2M,
        /** The session's owner has consented. */
        USER_FEDERATION,
        /** The token that the session's owner came with is exchanged. */
        ON_BEHALF_OF_TOKEN_EXCHANGE
    }
}

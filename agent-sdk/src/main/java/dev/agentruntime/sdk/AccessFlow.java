package dev.agentruntime.sdk;

/** How an access token is got, as AgentCore names the flows. */
public enum AccessFlow {
    /** The user of the session consents once; the token acts for that user. */
    USER_FEDERATION,
    /** The agent acts for itself. */
    M2M,
    /** The token that the user has called the platform with is exchanged for one of the other service. */
    ON_BEHALF_OF_TOKEN_EXCHANGE
}

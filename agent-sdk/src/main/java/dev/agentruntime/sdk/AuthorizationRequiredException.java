package dev.agentruntime.sdk;

/**
 * The user has to consent at a page of the provider's before there is a token. Catch it and tell the user in your own words, or let it
 * leave the entrypoint: then the caller is answered with its URL.
 */
public final class AuthorizationRequiredException extends CredentialException {

    private static final long serialVersionUID = 1;

    private final String provider;
    private final String authorizationUrl;
    private final String sessionUri;

    /**
     * Made by the SDK, and by tests of agents.
     *
     * @param sessionUri empty text where there is none
     */
    public AuthorizationRequiredException(String provider, String authorizationUrl, String sessionUri) {
        super("AuthorizationRequired", "The user has to consent first, for the credential provider " + provider + ": " + authorizationUrl);
        this.provider = provider;
        this.authorizationUrl = authorizationUrl;
        this.sessionUri = sessionUri;
    }

    /** The name of the credential provider. */
    public String provider() {
        return provider;
    }

    /** The page that the user is to open. */
    public String authorizationUrl() {
        return authorizationUrl;
    }

    /** What names this attempt, for the application that completes it; empty text where the platform names none. */
    public String sessionUri() {
        return sessionUri;
    }
}

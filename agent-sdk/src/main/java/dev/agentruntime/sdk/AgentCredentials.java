package dev.agentruntime.sdk;

import java.util.List;

/**
 * Credentials for services at which an agent acts for the user of its session. The platform has them and gives them for the workload
 * access token of the invocation that this was got from, which is good as long as the session lives, unless the server says otherwise.
 * Thread-safe; may be kept and used in the background. Methods block until the platform has answered, and ask anew each time.
 *
 * <p>A credential that is asked for here is in the memory of the guest. An outbound of the server with a {@code credential} keeps it out.
 */
public interface AgentCredentials {

    /**
     * The API key of a credential provider. On a server without the platform, where an invocation brings no token, it is the system property
     * {@code agent.api-key.PROVIDER} or else the environment variable {@code AGENT_API_KEY_PROVIDER}, its letters large and each other character a '_'.
     *
     * @throws CredentialException there is none for this agent; the message says why
     */
    String apiKey(String provider);

    /**
     * An access token of an OAuth2 credential provider.
     *
     * @param scopes what it is to give a right to
     * @throws AuthorizationRequiredException the user has to consent first
     * @throws CredentialException            there is none for this agent; the message says why
     */
    String accessToken(String provider, List<String> scopes, AccessFlow flow);
}

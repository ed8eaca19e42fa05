package dev.agentruntime.spi;

import dev.agentruntime.api.RequestException;

/** Credentials that the host adds to what leaves a guest, and that the guest never has. Registered as an OSGi service. Thread-safe. */
public interface OutboundCredentials {

    /**
     * What a service is shown for a session's agent. May block.
     *
     * @return the credential itself, an API key or an access token, without the words that stand before it in a header
     * @throws RequestException it is not there, not for this agent, its user has to consent first, or it cannot be had now; the message has nothing
     *                          of it and is for the guest
     */
    String credential(SessionFacts session, WantedCredential wanted);
}

package dev.agentruntime.spi;

import dev.agentruntime.api.RequestException;

/** Credentials that the host adds to what leaves a guest, and that the guest never has. Registered as an OSGi service. Thread-safe. */
public interface OutboundCredentials {

    /**
     * What a service is shown for a session's agent. May block.
     *
     * @param provider the name of the credential provider that has it
     * @return the credential itself, such as an API key, without the words that stand before it in a header
     * @throws RequestException it is not there, not for this agent, or cannot be had now; the message has nothing of it and is for the guest
     */
    String credential(SessionFacts session, String provider);
}

package dev.agentruntime.identity;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.spi.OutboundCredentials;
import dev.agentruntime.spi.SessionFacts;

/** Credentials that go from the vault to a service without entering a guest. Thread-safe; blocks on the database and on files. */
record OutboundKeys(SessionWorkloads sessions, Credentials credentials) implements OutboundCredentials {

    @Override
    public String credential(SessionFacts session, String provider) {
        Acting acting = sessions.of(session).orElseThrow(() -> new RequestException(RequestException.Kind.PLATFORM,
                "The workload identity of the agent " + session.runtime() + " is not known yet. Ask again in a moment."));
        try {
            return credentials.apiKey(acting, provider);
        } catch (IdentityException refused) {
            throw new RequestException(refused.kind() == IdentityException.Kind.INTERNAL ? RequestException.Kind.PLATFORM : RequestException.Kind.FORBIDDEN,
                    refused.getMessage(), refused);
        }
    }
}

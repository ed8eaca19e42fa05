package dev.agentruntime.inbound;

import dev.agentruntime.log.LoggedMessage;

/** Every message about who calls, AGRT6000 to AGRT6999: its text, what it means and what to do. */
enum InboundMessage implements LoggedMessage {

    CONFIG("AGRT6001I", "Callers may sign with access keys and bring tokens of agents' own issuers. In force: %s",
            "The settings of <agentRuntimeInbound> as they are now, defaults included.", "None."),
    CONFIG_PROBLEM("AGRT6002W", "A setting of who may call: %s",
            "A setting cannot be used. What is done instead stands in the message.", "Correct server.xml as the message says."),
    KEY("AGRT6003I", "An access key is in force: %s.",
            "What an <accessKey> element gives its owner, at the start and after each change. Its secret is in no log.", "None."),
    AUTHORIZER("AGRT6004I", "Agent runtime %s takes %s.",
            "Who may call an agent that does not take the server's own tokens and signatures alike, at the start and after each change.", "None."),
    ISSUER_AWAY("AGRT6005W", "The keys of the issuer at %s cannot be had: %s.",
            "Callers of agents that trust this issuer are refused, or judged by the keys that were had before, for an hour at the most."
                    + " This is told once for each attempt that fails.",
            "See that the host can reach the address, that it serves what OpenID Connect Discovery asks for, and that addresses of a"
                    + " <customJwtAuthorizer> names what is not public.");

    private final Entry entry;

    InboundMessage(String id, String text, String explanation, String action) {
        entry = new Entry(id, text, explanation, action);
    }

    @Override
    public Entry entry() {
        return entry;
    }
}

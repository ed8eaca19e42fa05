package dev.agentruntime.egress;

import dev.agentruntime.log.LoggedMessage;

/** Every message of the way out, AGRT4000 to AGRT4999: its text, what it means and what to do. */
enum EgressMessage implements LoggedMessage {

    CONFIG("AGRT4001I", "The way out of the guests is open. In force: %s",
            "The settings of <agentRuntimeEgress> as they are now, defaults included.", "None."),
    CONFIG_PROBLEM("AGRT4002W", "A setting of the way out of the guests: %s",
            "A setting of the way out cannot be used. What is done instead stands in the message.", "Correct server.xml as the message says."),
    RULES("AGRT4003I", "Agent runtime %s may reach: %s.",
            "What server.xml gives the agent outside its guest, at the start and after each change. '*' is every agent that is not named elsewhere.", "None."),
    REFUSED("AGRT4010W", "Agent runtime %s, session %s: %s was refused. %s",
            "A guest wanted to reach what it may not. The same refusal of an agent is told once a minute at most.",
            "If the agent should reach it, add what the message names to server.xml; sessions that run see it at once. If not, ask who wrote"
                    + " the agent why it tries."),
    LIMITED("AGRT4011W", "Agent runtime %s, session %s: %s was refused. %s",
            "A guest wanted more than a limit allows. The same limit of an agent is told once a minute at most.",
            "Raise the limit that the message names in server.xml, or see what the agent does."),
    FAILED("AGRT4012W", "Agent runtime %s, session %s: %s failed. %s",
            "What a guest wanted to reach does not answer as it should. The same failure of an agent is told once a minute at most.",
            "See that the host can reach it. For TLS see that the trust store knows its issuer."),
    MORE("AGRT4013W", "Agent runtime %s: %s different refusals and failures within a minute; no more are told until the minute is over.",
            "A guest tries many targets, so that the log would fill up. Each one is still in its session's record, the newest, and counted"
                    + " in agent_outbound_connections.",
            "See the connections of the agent's sessions, and ask who wrote the agent why it does so.");

    private final Entry entry;

    EgressMessage(String id, String text, String explanation, String action) {
        entry = new Entry(id, text, explanation, action);
    }

    @Override
    public Entry entry() {
        return entry;
    }
}

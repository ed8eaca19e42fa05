package dev.agentruntime.api;

import java.util.Optional;

/**
 * Judges callers by credentials that are not the server's own tokens: signatures of access keys, and tokens of the issuer that one
 * agent runtime trusts. Thread-safe. Published in JNDI as {@link #JNDI_NAME}. A front door that does not find it lets nobody in: it
 * cannot know which agent runtimes trust an issuer of their own.
 */
public interface InboundIdentity {

    /** Where Liberty applications look this up. */
    String JNDI_NAME = "agent/inboundIdentity";

    /**
     * Whether this is still what judges. Whoever keeps what it has looked up asks this each time before it is used, and looks it up anew where it is
     * not: another may have taken its place, which has read another configuration. Does not block.
     */
    default boolean isOpen() {
        return true;
    }

    /**
     * Who asks, or why not. Blocks where an issuer's keys have to be fetched, for some seconds at the most.
     *
     * @return {@link InboundVerdict.ServersToken} where this room has no say
     */
    InboundVerdict judge(InboundRequest request);

    /**
     * Whose tokens open an agent runtime; empty where none do. Does not block, and says nothing of whether there is such an agent.
     *
     * @param runtime   its name
     * @param qualifier the endpoint; empty text for the standard one
     */
    Optional<TokensTaken> tokens(String runtime, String qualifier);
}

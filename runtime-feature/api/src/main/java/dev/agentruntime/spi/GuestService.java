package dev.agentruntime.spi;

import dev.agentruntime.api.RoomOperations.Answer;

/**
 * What the platform itself serves to guests, over HTTP and under a name as those of outbounds are. Guests reach it through the proxy
 * of the way out, as {@code http://NAME.outbound/}; an {@code <outbound>} of that name counts instead. Registered as an OSGi service. Thread-safe.
 */
public interface GuestService {

    /** Its name: small letters, digits and '-'. Does not block. */
    String name();

    /**
     * Answers a request, also where it refuses it. May block.
     *
     * @param session whose guest asks; nothing that the guest says can change that
     */
    Answer serve(SessionFacts session, Ask ask);

    /**
     * A request of a guest. All of it is the guest's, and none of it can be trusted.
     *
     * @param path from its first slash on, with its query
     * @param body of which there is no more than the way out takes
     */
    record Ask(String method, String path, byte[] body) {}
}

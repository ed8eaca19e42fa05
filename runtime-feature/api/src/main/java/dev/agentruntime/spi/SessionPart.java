package dev.agentruntime.spi;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Target;
import java.util.List;
import java.util.Map;

/**
 * What a room does for one session. Its environment and outbounds are read once, before the guest begins; its streams come from
 * then on, also from a second VM where the first did not live. Thread-safe.
 */
public interface SessionPart extends GuestStreams, AutoCloseable {

    /** What the agent sees as its environment. Values may be secret. Does not block. */
    default Map<String, String> environment() {
        return Map.of();
    }

    /** The names that lead out of the guest. Does not block. */
    default List<OutboundName> outbounds() {
        return List.of();
    }

    /** Whether streams to {@code target} are for this room. Does not block. */
    default boolean takes(Target target) {
        return false;
    }

    @Override
    default void opened(Target target, GuestStream stream) {
        stream.close();
    }

    /** The session has ended: closes its streams. Called once. Does not block for long. */
    @Override
    void close();
}

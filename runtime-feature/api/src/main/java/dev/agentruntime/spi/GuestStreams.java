package dev.agentruntime.spi;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Target;

/** Takes the streams that a guest opens to the host. Called on a thread of the driver's; must not block. */
@FunctionalInterface
public interface GuestStreams {

    /**
     * A guest has opened a stream. The receiver owns it and closes it, also where it refuses.
     *
     * @param target what the guest wants to reach; the guest says so, so nothing of it can be trusted
     */
    void opened(Target target, GuestStream stream);
}

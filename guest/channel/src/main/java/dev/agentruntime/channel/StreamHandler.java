package dev.agentruntime.channel;

import java.io.IOException;

/** What a guest does with a stream that its host has opened. */
@FunctionalInterface
public interface StreamHandler {

    /**
     * Serves one stream, on a thread of its own; may block. The stream is closed when this method throws, and is the
     * handler's to close otherwise.
     */
    void accept(MuxStream stream, String target) throws IOException;
}

package dev.agentruntime.invocation;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What a caller sends on a connection that was upgraded. */
interface CallerBytes {

    /** Told of what has come, each time once that {@link #next} was called, on any thread. */
    interface Receiver {
        /** At least one byte; the buffer is the receiver's own. */
        void arrived(ByteBuffer bytes);

        /** The caller has left, and no more comes. */
        void left(IOException cause);
    }

    /**
     * Asks for what comes next, which is told later and never from within this call. Nothing is read that was not asked for, so that a
     * caller is held back by whoever does not ask. Does not block.
     */
    void next(Receiver receiver);
}

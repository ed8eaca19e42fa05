package dev.agentruntime.runtime;

import dev.agentruntime.runtime.spi.PingReply;
import java.time.Duration;

/** A running session whose agent can be asked how it is. Thread-safe. */
public interface PingTarget {

    String runtime();

    String sessionId();

    /** Asks. Blocks up to {@code timeout}; throws VmException when there is no answer. */
    PingReply ask(Duration timeout);

    /** Reports what the answer meant; moves the session's life on. */
    void report(PingStatus status);
}

package dev.agentruntime.sessions;

import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.SessionView.Status;

/** What is told of a session. */
sealed interface News {

    record Began() implements News {}

    /** A session of an earlier run has its VM again. */
    record GoesOn() implements News {}

    record Moved(Status from, Status to) implements News {}

    /** Its VM serves. */
    record Serves() implements News {}

    /** Its last request has ended; it can be asked whether it has work of its own. */
    record AtRest() implements News {}

    record Pinged(PingStatus status) implements News {}

    record Ended(EndReason reason) implements News {}

    /** Its VM is proven gone and its usage final. */
    record Closed() implements News {}

    /** Those who wait for its end, or until it is left, need not wait any more. */
    record IsGone() implements News {}

    /** Its VM is not gone yet; those who wait for that have waited long enough. */
    record IsNotGone(Fault fault) implements News {}
}

package dev.agentruntime.sessions;

import dev.agentruntime.api.PingStatus;
import java.time.Instant;

/** Its VM runs, takes requests at once, and is asked how its agent is. */
sealed interface Serving extends SessionLife permits Active, Idle {

    int failedPings();

    /** What follows from a ping that was answered, or from one that failed and is not one too many. */
    SessionLife afterPing(Instant at, PingStatus status);

    default Step pinged(LifeEvent.Pinged ping) {
        Order told = new Order.Tell(new News.Pinged(ping.status()));
        if (ping.status() == PingStatus.FAILED && failedPings() + 1 >= FAILED_PINGS) {
            return Lives.end(this, ping.at(), EndReason.unhealthy(FAILED_PINGS, ping.said())).after(told);
        }
        return Step.to(this, afterPing(ping.at(), ping.status()), told, Lives.READ_NOW);
    }
}

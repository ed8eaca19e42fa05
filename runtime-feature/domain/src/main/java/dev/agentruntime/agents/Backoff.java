package dev.agentruntime.agents;

import java.time.Duration;

/**
 * How long to wait before something that failed is tried again: twice as long each time, up to a bound.
 *
 * @param pause before the next try
 */
record Backoff(Duration pause, Duration longest) {

    /** The one after the next failure. */
    Backoff next() {
        Duration doubled = pause.multipliedBy(2);
        return new Backoff(doubled.compareTo(longest) > 0 ? longest : doubled, longest);
    }
}

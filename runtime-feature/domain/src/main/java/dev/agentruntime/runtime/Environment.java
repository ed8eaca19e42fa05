package dev.agentruntime.runtime;

import java.time.Clock;
import java.time.Instant;
import java.util.function.Supplier;

/** What every part of the platform works with. */
record Environment(
        Clock clock, Workers workers, Listeners listeners, Supplier<PlatformConfig> config) {

    Instant now() {
        return clock.instant();
    }
}

package dev.agentruntime.sessions;

import dev.agentruntime.spi.MeterReading;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Takes readings of sessions' meters and passes on what was used. */
final class Meters {

    private Meters() {}

    /** A reading of a session that has never served counts for nothing. */
    static void take(SessionActor session, MeterReading reading, Instant now, Listeners listeners) {
        AtomicReference<Metering.Used> used = new AtomicReference<>(Metering.Used.NOTHING);
        session.update(before -> {
            Optional<Metering> earlier = before.metering();
            SessionState after = before.metered(reading, now);
            earlier.ifPresent(meter -> used.set(after.metering().orElse(meter).since(meter)));
            return after;
        });
        listeners.tell(listener -> listener.used(
                session.key().runtime(), used.get().cpuNanos(), used.get().memoryByteSeconds()));
    }
}

package dev.agentruntime.sessions;

import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Takes readings of sessions' meters and passes on what was used. */
final class Meters {

    private static final Logger LOG = Logger.getLogger(Meters.class.getName());

    private Meters() {}

    /**
     * What a session has used up to this moment. Nothing is written down: readings that are say when the next is due. Where the meter
     * cannot be read, and once the session has ended, up to its last reading; empty where it has never served.
     */
    static Optional<Metering> now(SessionActor session, Vm vm, Instant now) {
        Optional<Metering> last = session.state().metering();
        if (session.life().isOver()) {
            return last;
        }
        try {
            return last.map(meter -> meter.next(vm.read(), now));
        } catch (VmException e) {
            LOG.log(Level.FINE, e, () -> "The meter of session " + session.key() + " could not be read.");
            return last;
        }
    }

    /** A reading of a session that has never served counts for nothing. */
    static void take(SessionActor session, MeterReading reading, Instant now, Listeners listeners) {
        take(session, state -> true, reading, now, listeners);
    }

    /** The same of a reading of {@code vm}, unless the session has gone to the disk since: the meter of another VM counts from elsewhere. */
    static void take(SessionActor session, Vm vm, MeterReading reading, Instant now, Listeners listeners) {
        take(session, state -> state.saved().isEmpty() && state.held().filter(held -> held.vm() == vm).isPresent(), reading, now, listeners);
    }

    private static void take(SessionActor session, Predicate<SessionState> counts, MeterReading reading, Instant now, Listeners listeners) {
        AtomicReference<Metering.Used> used = new AtomicReference<>(Metering.Used.NOTHING);
        session.update(before -> {
            if (!counts.test(before)) {
                return before;
            }
            Optional<Metering> earlier = before.metering();
            SessionState after = before.metered(reading, now);
            earlier.ifPresent(meter -> used.set(after.metering().orElse(meter).since(meter)));
            return after;
        });
        listeners.tell(listener -> listener.used(
                session.key().runtime(), used.get().cpuNanos(), used.get().memoryByteSeconds()));
    }
}

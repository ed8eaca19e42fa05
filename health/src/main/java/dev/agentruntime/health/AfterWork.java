package dev.agentruntime.health;

import dev.agentruntime.api.SessionProbe;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Has a session's agent asked once its work has been over for a moment: an agent that says soon that it has no work of its own
 * can be paused soon. Not at once, because the next request of a conversation may be on its way and would have to share the
 * guest with the ping; however quickly requests follow each other, there is one ping after the last. Thread-safe, never blocks.
 */
final class AfterWork {

    static final Duration MOMENT = Duration.ofMillis(700);

    private record Ended(SessionProbe session, long nanos) {}

    private final BiConsumer<Runnable, Duration> scheduler;
    private final Consumer<SessionProbe> ask;
    private final LongSupplier clock;
    private final Map<SessionName, Ended> waiting = new ConcurrentHashMap<>();

    /**
     * @param scheduler runs something after a while; when it throws, the session is asked by the next round only
     * @param ask       must not block
     * @param clock     nanoseconds from any beginning
     */
    AfterWork(BiConsumer<Runnable, Duration> scheduler, Consumer<SessionProbe> ask, LongSupplier clock) {
        this.scheduler = scheduler;
        this.ask = ask;
        this.clock = clock;
    }

    void ended(SessionProbe session) {
        SessionName name = SessionName.of(session);
        if (waiting.put(name, new Ended(session, clock.getAsLong())) == null) {
            look(name, MOMENT);
        }
    }

    private void look(SessionName name, Duration after) {
        boolean waits = false;
        try {
            scheduler.accept(() -> looked(name), after);
            waits = true;
        } finally {
            if (!waits) {
                waiting.remove(name);
            }
        }
    }

    private void looked(SessionName name) {
        Ended last = waiting.get(name);
        long left = MOMENT.toNanos() - (clock.getAsLong() - last.nanos());
        if (left > 0) {
            look(name, Duration.ofNanos(left));
        } else if (waiting.remove(name, last)) {
            ask.accept(last.session());
        } else {
            look(name, MOMENT);
        }
    }
}

package dev.agentruntime.examples.streamer;

import dev.agentruntime.sdk.AgentEntrypoint;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import java.time.Duration;
import java.util.concurrent.Flow;

/** Streams events at the pace the caller asks for. No thread waits between two events. */
@ApplicationScoped
public class Streamer {

    private static final int MOST_EVENTS = 100_000;

    @Resource
    private ManagedScheduledExecutorService scheduler;

    @AgentEntrypoint(warmUp = "{\"events\": 2, \"intervalMillis\": 1}")
    public Flow.Publisher<Event> invoke(Order order) {
        int events = order.events() == null ? 5 : order.events();
        long intervalMillis = order.intervalMillis() == null ? 500 : order.intervalMillis();
        if (events < 0 || events > MOST_EVENTS || intervalMillis < 0) {
            throw new IllegalArgumentException("events must be 0 to " + MOST_EVENTS + " and intervalMillis at least 0, not "
                    + events + " and " + intervalMillis);
        }
        return new PacedEvents(events, Duration.ofMillis(intervalMillis), scheduler);
    }
}

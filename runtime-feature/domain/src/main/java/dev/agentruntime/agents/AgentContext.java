package dev.agentruntime.agents;

import dev.agentruntime.api.PlatformListener;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What every class of this package works with.
 *
 * @param settings  as they are now
 * @param listeners passes an event to every listener
 * @param slots     how many VMs may be made ahead at the same time
 * @param disposal  where VMs go that no session needs
 */
record AgentContext(
        Clock clock, AgentExecutors executors, Supplier<AgentSettings> settings,
        Consumer<Consumer<PlatformListener>> listeners, FillSlots slots, VmDisposal disposal) {

    Instant now() {
        return clock.instant();
    }

    void publish(Consumer<PlatformListener> event) {
        listeners.accept(event);
    }
}

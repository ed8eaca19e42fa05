package dev.agentruntime.egress;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** What each agent has open and has moved, for as long as that matters: agents come and go. Thread-safe. */
final class AgentLoads {

    private final LongSupplier nanoTime;
    private final Map<String, AgentLoad> loads = new HashMap<>();

    AgentLoads(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** For a session that begins, which calls {@link AgentLoad#left} when it ends. */
    synchronized AgentLoad join(String agent) {
        loads.values().removeIf(AgentLoad::isBlank);
        AgentLoad load = loads.computeIfAbsent(agent, unknown -> new AgentLoad(nanoTime));
        load.joined();
        return load;
    }

    /** How many are remembered. */
    synchronized int size() {
        return loads.size();
    }
}

package dev.agentruntime.memory;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The {@code <memory>} elements that there are now. Thread-safe. */
@Component(service = ConfiguredMemories.class, immediate = true, property = "service.vendor=Agent Runtime")
public final class ConfiguredMemories {

    /** In an order, so that of two with one name it is always the same that is served. */
    private final Map<String, MemoryRow> byPid = new ConcurrentSkipListMap<>();

    /** Without any yet. */
    @Activate
    public ConfiguredMemories() {}

    void put(String pid, MemoryRow memory) {
        byPid.put(pid, memory);
    }

    /** Whether another element than {@code pid} has this id. */
    boolean isTaken(String pid, String id) {
        return byPid.entrySet().stream().anyMatch(other -> !other.getKey().equals(pid) && other.getValue().id().equals(id));
    }

    void remove(String pid) {
        byPid.remove(pid);
    }

    List<MemoryRow> all() {
        return List.copyOf(byPid.values());
    }

    Optional<MemoryRow> find(String id) {
        return all().stream().filter(memory -> memory.id().equals(id)).findFirst();
    }

    /** Whether one has this name. */
    boolean isNamed(String name) {
        return find(Ids.configured(name)).isPresent();
    }
}

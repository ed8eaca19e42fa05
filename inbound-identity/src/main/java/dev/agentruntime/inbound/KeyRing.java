package dev.agentruntime.inbound;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.logging.Logger;
import org.osgi.service.component.annotations.Component;

/** The access keys that server.xml names now. Thread-safe. */
@Component(service = KeyRing.class, immediate = true, property = "service.vendor=Agent Runtime")
public final class KeyRing {

    private static final Logger LOG = Logger.getLogger(KeyRing.class.getName());

    /** By the ids that Liberty gives their elements. */
    private final Map<String, AccessKey> elements = new TreeMap<>();
    private volatile Map<String, AccessKey> keys = Map.of();

    /** Made by the server's component runtime. */
    public KeyRing() {}

    synchronized void put(String pid, AccessKey key) {
        if (elements.entrySet().stream().anyMatch(other -> other.getValue().id().equals(key.id()) && !other.getKey().equals(pid))) {
            InboundMessage.CONFIG_PROBLEM.log(LOG, "There are two <accessKey> elements of the id " + key.id() + ". Neither is taken while"
                    + " both are there. Give each its own id.");
        }
        elements.put(pid, key);
        sort();
        InboundMessage.KEY.log(LOG, key);
    }

    synchronized void remove(String pid) {
        elements.remove(pid);
        sort();
    }

    private void sort() {
        Map<String, AccessKey> once = new LinkedHashMap<>();
        elements.values().stream().filter(key -> elements.values().stream().filter(other -> other.id().equals(key.id())).count() == 1)
                .forEach(key -> once.put(key.id(), key));
        keys = Map.copyOf(once);
    }

    Optional<AccessKey> find(String id) {
        return Optional.ofNullable(keys.get(id));
    }
}

package dev.agentruntime.identity;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The {@code <credentialProvider>} elements that there are now. Thread-safe. */
@Component(service = ConfiguredProviders.class, immediate = true, property = "service.vendor=Agent Runtime")
public final class ConfiguredProviders {

    private final Map<String, Provider> byPid = new ConcurrentHashMap<>();

    /** Without any yet. */
    @Activate
    public ConfiguredProviders() {}

    void put(String pid, Provider provider) {
        byPid.put(pid, provider);
    }

    void remove(String pid) {
        byPid.remove(pid);
    }

    List<Provider> all(ProviderKind kind) {
        return byPid.values().stream().filter(provider -> provider.kind() == kind).toList();
    }

    Optional<Provider> find(ProviderKind kind, String name) {
        return all(kind).stream().filter(provider -> provider.name().equals(name)).findFirst();
    }
}

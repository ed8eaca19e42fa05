package dev.agentruntime.identity;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Agent runtimes that a test makes and takes away. */
final class FakeRuntimes implements LiveRuntimes {

    final Set<String> configured = ConcurrentHashMap.newKeySet();
    final Set<String> made = ConcurrentHashMap.newKeySet();
    volatile boolean known = true;

    @Override
    public Set<String> configured() {
        return Set.copyOf(configured);
    }

    @Override
    public Optional<Set<String>> made() {
        return known ? Optional.of(Set.copyOf(made)) : Optional.empty();
    }
}

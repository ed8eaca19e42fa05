package dev.agentruntime.identity;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.spi.AgentOffers;
import dev.agentruntime.spi.OfferedAgent;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Those of this server's platform.
 *
 * @param offers of the rooms that make agent runtimes, as they are there now
 */
record PlatformRuntimes(Platform platform, Supplier<List<AgentOffers>> offers) implements LiveRuntimes {

    @Override
    public Set<String> configured() {
        Set<String> offered = offers.get().stream().flatMap(room -> room.offered().stream()).flatMap(List::stream)
                .map(OfferedAgent::name).collect(Collectors.toSet());
        try {
            return platform.runtimes().stream().map(AgentRuntimeView::name).filter(name -> !offered.contains(name)).collect(Collectors.toSet());
        } catch (RequestException noPlatform) {
            return Set.of();
        }
    }

    @Override
    public Optional<Set<String>> made() {
        Set<String> made = new HashSet<>();
        List<AgentOffers> rooms = offers.get();
        for (AgentOffers room : rooms) {
            Optional<Set<String>> known = room.runtimes();
            if (known.isEmpty()) {
                return Optional.empty();
            }
            made.addAll(known.get());
        }
        return rooms.isEmpty() ? Optional.empty() : Optional.of(Set.copyOf(made));
    }
}

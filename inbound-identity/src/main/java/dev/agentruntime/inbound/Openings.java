package dev.agentruntime.inbound;

import dev.agentruntime.api.RuntimeAuthorizers;
import dev.agentruntime.api.RuntimeAuthorizers.Says;
import dev.agentruntime.net.Cidr;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Whom each agent runtime lets in: as server.xml says, or else as the room says that it is of. Thread-safe.
 *
 * @param configured as server.xml says, by the agent's name
 * @param rooms      those that are there now
 * @param addresses  that issuers may have, besides public ones, which rooms name
 */
record Openings(Function<String, Entrance> configured, Supplier<List<RuntimeAuthorizers>> rooms, Supplier<List<Cidr>> addresses) {

    /** Where no room makes agent runtimes. */
    static Openings of(Function<String, Entrance> configured) {
        return new Openings(configured, List::of, List::of);
    }

    Entrance of(String runtime, String qualifier) {
        Entrance own = configured.apply(runtime);
        return own.equals(Entrance.STANDARD) ? rooms.get().stream().map(room -> room.of(runtime, qualifier))
                .filter(says -> !(says instanceof Says.Nothing)).findFirst().map(this::entrance).orElse(own) : own;
    }

    private Entrance entrance(Says says) {
        if (!(says instanceof Says.Tokens tokens)) {
            return Entrance.NOT_KNOWN_YET;
        }
        try {
            return new Entrance(Entrance.Taken.OWN_ISSUER, Optional.of(EntranceReader.rules(tokens.authorizer(), addresses.get())));
        } catch (IllegalArgumentException wrong) {
            return Entrance.SHUT; // the room has refused what cannot be used; what it took before that was so lets nobody in
        }
    }
}

package dev.agentruntime.api;

import java.util.List;
import java.util.Optional;

/**
 * Whose tokens open an agent runtime.
 *
 * @param issuer who makes them, as its own tokens name it; empty for the server's issuer
 * @param scopes one of which a token must have; none where any will do
 */
public record TokensTaken(Optional<String> issuer, List<String> scopes) {

    /** Takes a copy. */
    public TokensTaken {
        scopes = List.copyOf(scopes);
    }
}

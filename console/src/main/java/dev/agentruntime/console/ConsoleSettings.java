package dev.agentruntime.console;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import java.time.Duration;
import java.util.Optional;

/**
 * What the configuration says of the console.
 *
 * @param issuer      whose tokens name, as {@code sub}, the same people as the server's user registry does; empty where none do
 * @param idleTimeout after so long without a request, a visitor has to sign in anew
 * @param lifetime    after so long in any case
 */
record ConsoleSettings(Optional<String> issuer, Duration idleTimeout, Duration lifetime) {

    static final ConsoleSettings STANDARD = new ConsoleSettings(Optional.empty(), Duration.ofMinutes(30), Duration.ofHours(8));
    private static final Duration LEAST = Duration.ofMinutes(1);

    /** Reads {@code <agentConsole>}. */
    static ConsoleSettings read(Attributes own) {
        return new ConsoleSettings(Optional.of(own.text("issuer", "")).filter(issuer -> !issuer.isEmpty()),
                own.duration("idleTimeout", STANDARD.idleTimeout, LEAST), own.duration("lifetime", STANDARD.lifetime, LEAST));
    }

    /** In one line. */
    String text() {
        return new Effective().add("issuer", issuer.orElse("none")).add("idleTimeout", idleTimeout).add("lifetime", lifetime).text();
    }
}

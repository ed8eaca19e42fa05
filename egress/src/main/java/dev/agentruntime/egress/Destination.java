package dev.agentruntime.egress;

import dev.agentruntime.net.Host;
import dev.agentruntime.net.Texts;
import java.util.Optional;

/** A host and a port. */
record Destination(Host host, int port) {

    /**
     * {@code HOST:PORT}, or only a host where there is a port to take.
     *
     * @throws IllegalArgumentException the text is none
     */
    static Destination parse(String text, Optional<Integer> standard) {
        int bracket = text.lastIndexOf(']');
        int colon = text.lastIndexOf(':');
        if (colon <= bracket) {
            return new Destination(Host.parse(text), standard.orElseThrow(
                    () -> new IllegalArgumentException("'" + Texts.withoutUser(text) + "' names no port")));
        }
        int port = Host.port(text.substring(colon + 1)).orElseThrow(
                () -> new IllegalArgumentException("'" + Texts.withoutUser(text) + "' names no port from 1 to 65535"));
        return new Destination(Host.parse(text.substring(0, colon)), port);
    }

    /** As a Host header says it, where {@code standard} is the port of the scheme. */
    String header(int standard) {
        return port == standard ? host.toString() : toString();
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}

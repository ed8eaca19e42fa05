package dev.agentruntime.egress;

import java.util.Optional;

/**
 * What the host connects to.
 *
 * @param tls whether it speaks TLS with it
 * @param ssl the id of Liberty's {@code <ssl>} that has the trust and the certificate; empty for Java's own trust store
 */
record Upstream(Destination destination, boolean tls, Optional<String> ssl) {

    static Upstream plain(Destination destination) {
        return new Upstream(destination, false, Optional.empty());
    }

    /** For the Host header. */
    String hostHeader() {
        return destination.header(tls ? 443 : 80);
    }

    /** For an absolute URI. */
    String origin() {
        return (tls ? "https://" : "http://") + hostHeader();
    }
}

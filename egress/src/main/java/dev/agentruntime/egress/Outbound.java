package dev.agentruntime.egress;

import dev.agentruntime.net.Host;
import dev.agentruntime.net.Permit;
import dev.agentruntime.spi.OutboundName;
import java.util.Optional;

/**
 * A name in the guest and what it leads to.
 *
 * @param guest  its name and port there
 * @param permit to which addresses the upstream's host may resolve
 * @param http   empty where the bytes pass as they are
 */
record Outbound(OutboundName guest, Upstream upstream, Permit permit, Optional<Http> http) {

    private static final String DOMAIN = ".outbound";

    /**
     * What is done with requests.
     *
     * @param path       put in front of the path of each request; empty or with a slash in front and none behind
     * @param credential added to each request
     * @param keyed      the same of a credential provider; one of both at the most
     */
    record Http(String path, Optional<Credential> credential, Optional<Keyed> keyed) {}

    /** As whoever runs the server reads it in the log, without the path, for the keys of some services are in it. */
    @Override
    public String toString() {
        return host() + ":" + guest.port() + " -> " + http.map(part -> upstream.origin() + (part.path().isEmpty() ? "" : "/...")
                + part.credential().map(credential -> " with " + credential.header()).orElse("")
                + part.keyed().map(keyed -> " with " + keyed).orElse("")).orElseGet(() -> upstream.destination().toString());
    }

    String name() {
        return guest.name();
    }

    /** Its host in the guest. */
    String host() {
        return guest.name() + DOMAIN;
    }

    /** Its URL in the guest, without a path. */
    String url() {
        return "http://" + host() + (guest.port() == 80 ? "" : ":" + guest.port());
    }

    /** The name of the outbound that is meant by a host in the guest. */
    static Optional<String> named(Host host) {
        return Optional.of(host.toString()).filter(text -> text.endsWith(DOMAIN)).map(text -> text.substring(0, text.length() - DOMAIN.length()));
    }
}

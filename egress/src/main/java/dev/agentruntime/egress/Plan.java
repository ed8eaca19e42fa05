package dev.agentruntime.egress;

import dev.agentruntime.net.Permit;
import dev.agentruntime.spi.GuestService;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;

/** What is done with one request of a guest. */
sealed interface Plan {

    /** The host or name it was for, for the record; empty where it did not come so far. */
    String target();

    /** What is connected for it; empty where it is refused. */
    default Optional<Upstream> leadsTo() {
        return Optional.empty();
    }

    /** It is answered by the host. */
    record Refuse(String target, Refusal refusal) implements Plan {}

    /**
     * It goes to an upstream.
     *
     * @param request   as the upstream gets it
     * @param location  where an answer's Location that begins with the upstream's origin and path leads in the guest
     * @param keyed     what is added when it is had; empty where nothing is
     */
    record Forward(Upstream upstream, Permit permit, HttpRequest request, Relocation location, Optional<Keyed> keyed) implements Plan {
        @Override
        public String target() {
            return upstream.destination().toString();
        }

        @Override
        public Optional<Upstream> leadsTo() {
            return Optional.of(upstream);
        }
    }

    /**
     * It is answered by another room of the host's.
     *
     * @param target the name under which that serves
     * @param path   from its first slash on, with its query
     */
    record Serve(String target, GuestService service, String method, String path) implements Plan {}

    /** The bytes that follow pass as they are. */
    record Tunnel(Upstream upstream, Permit permit) implements Plan {
        @Override
        public String target() {
            return upstream.destination().toString();
        }

        @Override
        public Optional<Upstream> leadsTo() {
            return Optional.of(upstream);
        }
    }

    /**
     * How a Location of an answer is written for the guest.
     *
     * @param from what it begins with; never matches where it is empty
     * @param to   what stands there instead
     */
    record Relocation(String from, String to) {

        static final Relocation UNCHANGED = new Relocation("", "");

        String of(String location) {
            if (from.isEmpty() || !location.startsWith(from)) {
                return location;
            }
            String rest = location.substring(from.length());
            return rest.isEmpty() || rest.startsWith("/") || rest.startsWith("?") ? to + rest : location;
        }
    }
}

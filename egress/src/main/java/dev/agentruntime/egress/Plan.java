package dev.agentruntime.egress;

import dev.agentruntime.net.Permit;
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
     */
    record Forward(Upstream upstream, Permit permit, HttpRequest request, Relocation location) implements Plan {
        @Override
        public String target() {
            return upstream.destination().toString();
        }

        @Override
        public Optional<Upstream> leadsTo() {
            return Optional.of(upstream);
        }
    }

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

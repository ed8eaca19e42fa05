package dev.agentruntime.egress;

import dev.agentruntime.net.Permit;
import dev.agentruntime.spi.GuestService;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
     * How a Location of an answer is written for the guest: what lies where its requests lead stays there, and a path beside that is
     * written out, or the guest would look for it there.
     *
     * @param from the URL to which requests lead, without a slash behind; what is elsewhere is left as it is where this is empty
     * @param to   the URL that the guest has for it
     */
    record Relocation(String from, String to) {

        static final Relocation UNCHANGED = new Relocation("", "");
        private static final Pattern WHOLE = Pattern.compile("(?i)(https?)://([^/?#]*)(.*)");

        String of(String location) {
            Matcher here = WHOLE.matcher(from);
            if (!here.matches()) {
                return location;
            }
            boolean isPath = location.startsWith("/") && !location.startsWith("//");
            String origin = here.group(1) + ":" + (isPath ? "//" + here.group(2) : "");
            String whole = location.startsWith("/") ? origin + location : location;
            Matcher there = WHOLE.matcher(whole);
            String path = here.group(3);
            if (!there.matches() || !origin(here).equals(origin(there)) || !isWithin(there.group(3), path)) {
                return whole;
            }
            String rest = there.group(3).substring(path.length());
            return isPath ? rest.startsWith("/") ? rest : "/" + rest : to + rest;
        }

        /** The same however it is written; empty where it is none. */
        private static Optional<String> origin(Matcher url) {
            String scheme = url.group(1).toLowerCase(Locale.ROOT);
            try {
                return Optional.of(scheme + "://" + Destination.parse(url.group(2), Optional.of(scheme.equals("https") ? 443 : 80)));
            } catch (IllegalArgumentException none) {
                return Optional.empty();
            }
        }

        private static boolean isWithin(String target, String path) {
            return target.startsWith(path) && (target.length() == path.length() || "/?#".indexOf(target.charAt(path.length())) >= 0);
        }
    }
}

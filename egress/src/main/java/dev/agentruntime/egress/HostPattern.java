package dev.agentruntime.egress;

import dev.agentruntime.net.Cidr;
import dev.agentruntime.net.Host;
import dev.agentruntime.net.Texts;
import java.util.Locale;
import java.util.Optional;

/** Which hosts a rule is for. A name never matches a range, nor an address a pattern of names. */
sealed interface HostPattern {

    /** Every name. */
    record Any() implements HostPattern {
        @Override
        public String toString() {
            return "*";
        }
    }

    /** Every name below this one, which begins with a dot. */
    record Below(String suffix) implements HostPattern {
        @Override
        public String toString() {
            return "*" + suffix;
        }
    }

    record Exactly(Host.Name name) implements HostPattern {
        @Override
        public String toString() {
            return name.text();
        }
    }

    record In(Cidr range) implements HostPattern {
        @Override
        public String toString() {
            return range.toString();
        }
    }

    /**
     * {@code *}, {@code *.corp.example}, {@code api.example.com}, {@code 192.0.2.7} or {@code 10.0.0.0/8}.
     *
     * @throws IllegalArgumentException the text is none of these
     */
    static HostPattern parse(String text) {
        if (text.equals("*")) {
            return new Any();
        }
        refuseMoreThanAHost(text);
        if (text.startsWith("*.")) {
            Host below = Host.parse(text.substring(2));
            if (below instanceof Host.Name name) {
                return new Below("." + name.text().toLowerCase(Locale.ROOT));
            }
        }
        if (text.indexOf('*') >= 0) {
            throw new IllegalArgumentException("'" + Texts.withoutUser(text) + "' has a '*' elsewhere than in front of the first dot");
        }
        if (text.indexOf('/') >= 0 || text.indexOf(':') >= 0) {
            return new In(Cidr.parse(text));
        }
        return Host.parse(text) instanceof Host.Name name ? new Exactly(name) : new In(Cidr.parse(text));
    }

    /** Of an address of version 6, only the part behind its bracket is a port. */
    private static void refuseMoreThanAHost(String text) {
        if (text.contains("://")) {
            throw new IllegalArgumentException("it is a URL. Write its host alone; ports of an <allow> are in its attribute ports");
        }
        int colon = text.indexOf(':');
        boolean one = colon >= 0 && colon == text.lastIndexOf(':') && text.indexOf('@') < 0;
        if (one || text.startsWith("[") && text.contains("]:")) {
            throw new IllegalArgumentException("it has a port. Write the host alone; ports of an <allow> are in its attribute ports");
        }
    }

    default boolean matches(Host host) {
        Optional<String> name = host instanceof Host.Name named ? Optional.of(named.text()) : Optional.empty();
        if (this instanceof Any) {
            return name.isPresent();
        }
        if (this instanceof Below below) {
            return name.filter(text -> text.endsWith(below.suffix())).isPresent();
        }
        if (this instanceof Exactly exactly) {
            return exactly.name().equals(host);
        }
        return host instanceof Host.Literal literal && ((In) this).range().contains(literal.address());
    }
}

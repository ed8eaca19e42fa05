package dev.agentruntime.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** A host as a guest or the configuration writes it: a name, or an address in whatever form. */
public sealed interface Host {

    /** Letters are small; without a dot at its end. */
    record Name(String text) implements Host {
        @Override
        public String toString() {
            return text;
        }
    }

    /** Decimal, octal, hexadecimal and short forms have become the address they mean. */
    record Literal(InetAddress address) implements Host {
        @Override
        public String toString() {
            return address.getAddress().length == 4 ? address.getHostAddress() : "[" + address.getHostAddress() + "]";
        }
    }

    /** As a resolver takes it. */
    default String plain() {
        return this instanceof Literal literal ? literal.address().getHostAddress() : toString();
    }

    /**
     * Whatever some resolver would read as an address becomes a {@link Literal}.
     *
     * @throws IllegalArgumentException the text is no host
     */
    static Host parse(String text) {
        if (text.startsWith("[") && text.endsWith("]")) {
            return new Literal(version6(text.substring(1, text.length() - 1)));
        }
        String name = (text.endsWith(".") ? text.substring(0, text.length() - 1) : text).toLowerCase(Locale.ROOT);
        if (name.length() > 253 || !Syntax.NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + Texts.withoutUser(text) + "' is no host name and no address");
        }
        String last = name.substring(name.lastIndexOf('.') + 1);
        return Syntax.NUMBER.matcher(last).matches() ? new Literal(version4(name)) : new Name(name);
    }

    private static InetAddress version6(String text) {
        if (!Syntax.VERSION_6.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + Texts.withoutUser(text) + "' is no IPv6 address");
        }
        try {
            // With a colon in it, as the syntax wants it, no release of Java asks its resolver.
            return InetAddress.getByName("[" + text + "]");
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + text + "' is no IPv6 address", e);
        }
    }

    /** As inet_aton reads it: one to four numbers, the last of which fills the bytes that are left. */
    private static InetAddress version4(String text) {
        String[] parts = text.split("\\.", -1);
        long value = 0;
        for (int i = 0; i < parts.length && parts.length <= 4; i++) {
            boolean last = i == parts.length - 1;
            OptionalLong part = number(parts[i]);
            int bits = last ? 8 * (4 - i) : 8;
            if (part.isEmpty() || part.getAsLong() >= 1L << bits) {
                throw new IllegalArgumentException("'" + text + "' is no IPv4 address");
            }
            value = value << bits | part.getAsLong();
        }
        if (parts.length > 4) {
            throw new IllegalArgumentException("'" + text + "' is no IPv4 address");
        }
        return address((int) value);
    }

    private static OptionalLong number(String text) {
        if (!Syntax.NUMBER.matcher(text).matches()) {
            return OptionalLong.empty();
        }
        boolean hexadecimal = text.startsWith("0x");
        boolean octal = !hexadecimal && text.length() > 1 && text.startsWith("0");
        try {
            String digits = hexadecimal ? text.substring(2) : text;
            return OptionalLong.of(digits.isEmpty() ? 0 : Long.parseLong(digits, hexadecimal ? 16 : octal ? 8 : 10));
        } catch (NumberFormatException tooLargeOrNotOctal) {
            return OptionalLong.empty();
        }
    }

    private static InetAddress address(int value) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Four bytes are an address.", e);
        }
    }

    /** The port after a host, where there is one. */
    static Optional<Integer> port(String text) {
        if (text.matches("\\d{1,5}")) {
            int port = Integer.parseInt(text);
            return port >= 1 && port <= 65_535 ? Optional.of(port) : Optional.empty();
        }
        return Optional.empty();
    }

    /** What hosts are written with. */
    final class Syntax {
        private static final Pattern NAME = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,62})(\\.[a-z0-9_]([a-z0-9_-]{0,62}))*");
        private static final Pattern NUMBER = Pattern.compile("[0-9]{1,20}|0x[0-9a-f]{0,16}");
        private static final Pattern VERSION_6 = Pattern.compile("(?=[^:]*:)[0-9a-fA-F:.]{2,45}");

        private Syntax() {}
    }
}

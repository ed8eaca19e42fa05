package dev.agentruntime.net;

import java.net.InetAddress;

/**
 * A range of addresses.
 *
 * @param first the first address of it, or any in it
 * @param bits  how many leading bits count
 */
public record Cidr(InetAddress first, int bits) {

    /**
     * An address, or an address and its number of leading bits: {@code 10.0.0.0/8}.
     *
     * @throws IllegalArgumentException the text is no range
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (!(Host.parse(address.indexOf(':') < 0 || address.startsWith("[") ? address : "[" + address + "]") instanceof Host.Literal literal)) {
            throw new IllegalArgumentException("'" + Texts.withoutUser(text) + "' is no range of addresses such as 10.0.0.0/8");
        }
        int most = literal.address().getAddress().length * 8;
        return new Cidr(literal.address(), slash < 0 ? most : bits(text.substring(slash + 1), most, text));
    }

    private static int bits(String text, int most, String whole) {
        if (text.matches("\\d{1,3}") && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("'" + Texts.withoutUser(whole) + "' is no range of addresses such as 10.0.0.0/8");
    }

    public boolean contains(InetAddress address) {
        byte[] own = first.getAddress();
        byte[] other = address.getAddress();
        if (own.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((own[bit / 8] & mask) != (other[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is one address. */
    public boolean isOne() {
        return bits == first.getAddress().length * 8;
    }

    @Override
    public String toString() {
        return first.getHostAddress() + "/" + bits;
    }
}

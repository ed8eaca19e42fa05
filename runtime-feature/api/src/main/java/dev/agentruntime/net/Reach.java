package dev.agentruntime.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** How far an address reaches. */
public enum Reach {

    /** The Internet. */
    PUBLIC("a public address"),
    /** A network that is not of the Internet: a company's, or a provider's. */
    PRIVATE("a private address"),
    /** The host itself, by whichever of its addresses. */
    LOOPBACK("a loopback address, or one of the host's own"),
    /** Among others the metadata services of clouds, those too that lie in other ranges. */
    LINK_LOCAL("a link-local address, or a cloud's metadata service"),
    /** Multicast, unspecified, reserved, for documentation, or one that hides another address. */
    SPECIAL("a special address");

    /** The metadata services lie in wider ranges and come first: those of Azure, Alibaba, AWS, Google, Scaleway and Oracle. */
    private static final List<Map.Entry<Reach, List<Cidr>>> RANGES = List.of(
            Map.entry(LINK_LOCAL, ranges("169.254.0.0/16", "fe80::/10", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::/32",
                    "fd20:ce::/32", "fd00:42::42", "fd00:c1::a9fe:a9fe")),
            Map.entry(PRIVATE, ranges("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10")),
            Map.entry(LOOPBACK, ranges("127.0.0.0/8", "::1/128")),
            Map.entry(SPECIAL, ranges("0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
                    "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "::/128", "2001::/23", "2001:db8::/32", "3fff::/20")));
    private static final Cidr GLOBAL = Cidr.parse("2000::/3");
    private static final Cidr TRANSLATED = Cidr.parse("64:ff9b::/96");
    private static final Cidr OVER_VERSION_4 = Cidr.parse("2002::/16");
    private static final Cidr COMPATIBLE = Cidr.parse("::/96");

    private final String words;

    Reach(String words) {
        this.words = words;
    }

    /** For refusals, with its article. */
    public String words() {
        return words;
    }

    /** Of an IPv6 address that carries an IPv4 one, that one's; an address in a range of which nothing is known is special. */
    public static Reach of(InetAddress address) {
        if (HostAddresses.contains(address)) {
            return LOOPBACK;
        }
        return RANGES.stream().filter(range -> range.getValue().stream().anyMatch(cidr -> cidr.contains(address)))
                .map(Map.Entry::getKey).findFirst().orElseGet(() -> ofOther(address));
    }

    private static Reach ofOther(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return PUBLIC;
        }
        if (TRANSLATED.contains(address) || COMPATIBLE.contains(address)) {
            return carried(bytes, 12);
        }
        if (OVER_VERSION_4.contains(address)) {
            return carried(bytes, 2);
        }
        return GLOBAL.contains(address) ? PUBLIC : SPECIAL;
    }

    private static Reach carried(byte[] bytes, int from) {
        try {
            return of(InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4)));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Four bytes are an address.", e);
        }
    }

    private static List<Cidr> ranges(String... texts) {
        return Arrays.stream(texts).map(Cidr::parse).toList();
    }
}

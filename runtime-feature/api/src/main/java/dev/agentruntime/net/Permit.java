package dev.agentruntime.net;

import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * To which addresses a host may resolve.
 *
 * @param reaches those that may be reached without being named
 * @param named   further ranges, named in the configuration
 */
public record Permit(Set<Reach> reaches, List<Cidr> named) {

    /** Takes copies. */
    public Permit {
        reaches = Set.copyOf(reaches);
        named = List.copyOf(named);
    }

    /** The Internet, and what is named; an address of the host itself must be named as one, and is in no range. */
    public static Permit publicAnd(List<Cidr> named) {
        return new Permit(EnumSet.of(Reach.PUBLIC), named);
    }

    /** For a host that the configuration names: the company's own networks too, and whatever it names as an address. */
    public static Permit configured(Host host, List<Cidr> named) {
        boolean anywhere = host instanceof Host.Literal || host.toString().equals("localhost");
        return new Permit(anywhere ? EnumSet.allOf(Reach.class) : EnumSet.of(Reach.PUBLIC, Reach.PRIVATE), named);
    }

    /** Whether the host may resolve to it. */
    public boolean allows(InetAddress address) {
        boolean ownOfHost = !address.isLoopbackAddress() && HostAddresses.contains(address);
        return reaches.contains(Reach.of(address))
                || named.stream().anyMatch(range -> range.contains(address) && (range.isOne() || !ownOfHost));
    }
}

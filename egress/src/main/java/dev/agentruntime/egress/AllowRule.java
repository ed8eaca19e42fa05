package dev.agentruntime.egress;

import dev.agentruntime.net.Cidr;
import dev.agentruntime.net.Permit;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where an agent may go through the proxy.
 *
 * @param ports     those allowed
 * @param addresses ranges to which the host may resolve although they are not public
 */
record AllowRule(HostPattern host, List<PortRange> ports, List<Cidr> addresses) {

    AllowRule {
        ports = List.copyOf(ports);
        addresses = List.copyOf(addresses);
    }

    /** As whoever runs the server reads it in the log. */
    @Override
    public String toString() {
        return host + ":" + ports.stream().map(PortRange::toString).collect(Collectors.joining("+"))
                + (addresses.isEmpty() ? "" : " at " + addresses);
    }

    boolean allows(Destination destination) {
        return host.matches(destination.host()) && ports.stream().anyMatch(range -> range.contains(destination.port()));
    }

    /** An address that is named is permitted itself. */
    Permit permit() {
        return host instanceof HostPattern.In in
                ? Permit.publicAnd(Stream.concat(addresses.stream(), Stream.of(in.range())).toList())
                : Permit.publicAnd(addresses);
    }
}

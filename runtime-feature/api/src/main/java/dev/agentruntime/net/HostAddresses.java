package dev.agentruntime.net;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/** The addresses of the host's own network interfaces: what connects to one of them does not pass a firewall. Thread-safe. */
final class HostAddresses {

    private static final Duration FRESH = Duration.ofSeconds(5);

    private record Seen(Set<InetAddress> addresses, long nanos) {}

    private static volatile Seen seen = new Seen(Set.of(), System.nanoTime() - FRESH.toNanos());

    private HostAddresses() {}

    /** As it was some seconds ago at the most. Where the host does not tell its addresses, each could be one of them. */
    static boolean contains(InetAddress address) {
        Seen now = seen;
        if (System.nanoTime() - now.nanos() >= FRESH.toNanos()) {
            try {
                now = new Seen(NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).collect(Collectors.toSet()),
                        System.nanoTime());
            } catch (SocketException e) {
                return true;
            }
            seen = now;
        }
        return now.addresses().contains(address);
    }
}

package dev.agentruntime.invocation;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Set;

/** The kernel's tables of TCP connections, {@code /proc/net/tcp} and {@code tcp6}: see proc(5). */
final class TcpTable {

    private static final String ESTABLISHED = "01";
    /** An IPv4 address as a socket for both protocols sees it: ::ffff:0:0/96, in words of the host's byte order. */
    private static final String MAPPED = "0000000000000000" + word(new byte[] {0, 0, (byte) 0xff, (byte) 0xff}, 0);

    private TcpTable() {}

    /** What a connection may be called in the tables. */
    static Set<String> names(int localPort, InetSocketAddress remote) {
        InetAddress address = remote.getAddress();
        String words = words(address.getAddress());
        return address instanceof Inet4Address
                ? Set.of(name(localPort, words, remote.getPort()), name(localPort, MAPPED + words, remote.getPort()))
                : Set.of(name(localPort, words, remote.getPort()));
    }

    /** Notes a line's connection, and whether it is open in both directions. */
    static void read(String line, Map<String, Boolean> open) {
        String[] columns = line.strip().split("\\s+", 5);
        if (columns.length == 5) {
            String local = columns[1];
            open.put(local.substring(local.indexOf(':') + 1) + " " + columns[2], columns[3].equals(ESTABLISHED));
        }
    }

    private static String name(int localPort, String address, int remotePort) {
        return String.format("%04X %s:%04X", localPort, address, remotePort);
    }

    private static String words(byte[] address) {
        StringBuilder words = new StringBuilder();
        for (int at = 0; at < address.length; at += Integer.BYTES) {
            words.append(word(address, at));
        }
        return words.toString();
    }

    private static String word(byte[] address, int at) {
        return String.format("%08X", ByteBuffer.wrap(address, at, Integer.BYTES).order(ByteOrder.nativeOrder()).getInt());
    }
}

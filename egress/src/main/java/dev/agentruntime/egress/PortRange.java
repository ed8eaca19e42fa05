package dev.agentruntime.egress;

import dev.agentruntime.net.Host;

/** Ports from {@code first} to {@code last}, both included. */
record PortRange(int first, int last) {

    /**
     * {@code 443} or {@code 8000-8099}.
     *
     * @throws IllegalArgumentException the text is neither
     */
    static PortRange parse(String text) {
        String[] ends = text.trim().split("-", 2);
        int first = port(ends[0], text);
        int last = ends.length == 1 ? first : port(ends[1], text);
        if (last < first) {
            throw new IllegalArgumentException("'" + text + "' ends before it begins");
        }
        return new PortRange(first, last);
    }

    private static int port(String text, String whole) {
        return Host.port(text.trim()).orElseThrow(
                () -> new IllegalArgumentException("'" + whole + "' is no port such as 443 and no range such as 8000-8099"));
    }

    @Override
    public String toString() {
        return first == last ? String.valueOf(first) : first + "-" + last;
    }

    boolean contains(int port) {
        return port >= first && port <= last;
    }
}

package dev.agentruntime.egress;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import dev.agentruntime.config.Metatype;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What {@code <agentRuntimeEgress>} says.
 *
 * @param times  how long the way out waits
 * @param limits how much may go through it
 * @param proxy  the company's own, through which the host goes out
 */
record EgressSettings(Times times, Limits limits, Optional<CompanyProxy> proxy) {

    static final String ELEMENT = "agentRuntimeEgress";

    private static final long LEAST_BYTES = 1L << 20;
    private static final long MOST_BYTES = 1L << 60;
    private static final Duration LEAST = Duration.ofMillis(100);

    /**
     * @param connect from the start of a connection until it serves, TLS included
     * @param stall   for which an exchange may stand still
     * @param idle    for which a guest may keep an HTTP connection without a request
     * @param closing for which a connection may linger of which one side has ended
     */
    record Times(Duration connect, Duration stall, Duration idle, Duration closing) {}

    /**
     * @param sessionConnections open at once, of one session
     * @param agentConnections   open at once, of all sessions of an agent
     * @param perSecond          new connections of one session
     * @param bytesPerSecond     of one session, both ways together
     * @param sessionBytes       of one session, both ways together
     * @param agentBytesPerHour  of all sessions of an agent, both ways together
     * @param headerBytes        of the head of a request or an answer
     */
    record Limits(int sessionConnections, int agentConnections, int perSecond, long bytesPerSecond, long sessionBytes,
            long agentBytesPerHour, int headerBytes) {}

    static final List<String> ITS_OWN = Metatype.of(EgressSettings.class).names(ELEMENT);

    static EgressSettings read(Attributes own) {
        own.nothingBut(ITS_OWN);
        return new EgressSettings(
                new Times(own.duration("connectTimeout", Duration.ofSeconds(10), LEAST),
                        own.duration("responseTimeout", Duration.ofMinutes(5), LEAST),
                        own.duration("idleTimeout", Duration.ofMinutes(5), LEAST),
                        own.duration("closingTimeout", Duration.ofSeconds(30), LEAST)),
                new Limits(own.whole("maxConnectionsPerSession", 100, 1, 100_000),
                        own.whole("maxConnectionsPerAgent", 1_000, 1, 1_000_000),
                        own.whole("newConnectionsPerSecond", 100, 1, 100_000),
                        own.bytes("bytesPerSecond", 64L << 20, LEAST_BYTES, MOST_BYTES),
                        own.bytes("maxBytesPerSession", 64L << 30, LEAST_BYTES, MOST_BYTES),
                        own.bytes("maxBytesPerAgentAndHour", 1L << 40, LEAST_BYTES, MOST_BYTES),
                        own.whole("maxHeaderBytes", 32_768, 1_024, 1 << 20)),
                CompanyProxy.read(own));
    }

    String text() {
        Effective effective = new Effective()
                .add("connectTimeout", times.connect()).add("responseTimeout", times.stall()).add("idleTimeout", times.idle())
                .add("closingTimeout", times.closing()).add("maxConnectionsPerSession", limits.sessionConnections())
                .add("maxConnectionsPerAgent", limits.agentConnections()).add("newConnectionsPerSecond", limits.perSecond())
                .addBytes("bytesPerSecond", limits.bytesPerSecond()).addBytes("maxBytesPerSession", limits.sessionBytes())
                .addBytes("maxBytesPerAgentAndHour", limits.agentBytesPerHour()).add("maxHeaderBytes", limits.headerBytes());
        proxy.ifPresent(company -> effective.add("proxy", company.destination()));
        return effective.text();
    }
}

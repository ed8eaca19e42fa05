package dev.agentruntime.egress;

import dev.agentruntime.spi.GuestService;
import dev.agentruntime.spi.OutboundCredentials;
import dev.agentruntime.spi.SessionFacts;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** The way out of all sessions: a few threads, whatever the number of streams. Thread-safe. */
final class Egress implements AutoCloseable {

    private static final int LOOPS = Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));
    /** More than there are cores, for a check of a certificate may ask somebody outside. */
    private static final int TLS_THREADS = 16;
    /** A session has a few of them at once. */
    private static final int ROOM_THREADS = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final NioEventLoopGroup loops = new NioEventLoopGroup(LOOPS, new DefaultThreadFactory("agent-runtime-egress", true));
    private final ExecutorService work = Threads.few("agent-runtime-egress-tls", TLS_THREADS);
    private final ExecutorService others = Threads.few("agent-runtime-egress-rooms", ROOM_THREADS);
    private final AgentLoads loads = new AgentLoads(System::nanoTime);
    private final Lookups lookups;
    private final SessionWay.House house;
    private volatile EgressSettings settings;

    /**
     * @param rules   of an agent, as they are now
     * @param shelf   keeps what goes out of each session's guest
     * @param records told of each connection that is over
     * @param services what other rooms serve to guests
     * @param credentials what they give for outbounds
     */
    Egress(EgressSettings settings, Function<String, AgentRules> rules, Lookups.Resolver resolver, Tls tls, ConnectionShelf shelf,
            Records records, Supplier<List<GuestService>> services, Supplier<Optional<OutboundCredentials>> credentials) {
        this.settings = settings;
        this.lookups = new Lookups(resolver);
        this.house = new SessionWay.House(rules, () -> this.settings, new Dialer(tls, () -> this.settings, work), shelf,
                records, new HostParts(services, credentials, others));
    }

    /** Counts for sessions that run, too. */
    void update(EgressSettings changed) {
        settings = changed;
    }

    SessionWay join(SessionFacts session) {
        return new SessionWay(session, house, loops.next(),
                new Quota(() -> settings.limits(), loads.join(session.runtime()), System::nanoTime), lookups.share(session.runtime()));
    }

    @Override
    public void close() {
        lookups.close();
        work.shutdownNow();
        others.shutdown(); // an interrupt in the midst of a write closes H2's file
        loops.shutdownGracefully(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}

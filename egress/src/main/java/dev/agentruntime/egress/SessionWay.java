package dev.agentruntime.egress;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.OutboundConnection.Outcome;
import dev.agentruntime.api.OutboundConnection;
import dev.agentruntime.api.Target;
import dev.agentruntime.net.Permit;
import dev.agentruntime.net.Texts;
import dev.agentruntime.spi.OutboundName;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionPart;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The way out of one session: takes the streams that its guest opens. Thread-safe; what happens to a stream happens on one loop. */
final class SessionWay implements SessionPart {

    static final Refusal LEFT = new Refusal(Outcome.ABORTED, HttpResponseStatus.BAD_GATEWAY, "The guest left, or its session ended.");

    private static final Duration BETWEEN_JUDGEMENTS = Duration.ofSeconds(1);
    /** Whoever asks again at once what has just been refused would keep the host busy with refusals. */
    private static final Duration BEFORE_REFUSAL = Duration.ofMillis(200);
    private static final String OUTBOUND = "outbound/";
    private static final String PROXY = "proxy";

    /**
     * What all sessions have in common.
     *
     * @param rules    of an agent, as they are now
     * @param settings as they are now
     * @param records  told of each connection that is over
     * @param parts    what other rooms do
     */
    record House(Function<String, AgentRules> rules, Supplier<EgressSettings> settings, Dialer dialer, ConnectionShelf shelf, Records records, HostParts parts) {}

    private final SessionFacts facts;
    private final House house;
    private final EventLoop loop;
    private final Quota quota;
    private final Lookups.Share lookups;
    private final ConnectionLog log;
    private final ChannelGroup channels;
    private final BackPool pool;
    private final HostCalls calls;

    SessionWay(SessionFacts facts, House house, EventLoop loop, Quota quota, Lookups.Share lookups) {
        this.facts = facts;
        this.house = house;
        this.loop = loop;
        this.quota = quota;
        this.lookups = lookups;
        this.pool = new BackPool(() -> settings().limits().sessionConnections());
        this.calls = new HostCalls(loop, house.parts().work());
        this.log = new ConnectionLog(facts, house.records());
        house.shelf().begun(facts, log);
        this.channels = new DefaultChannelGroup(loop, true);
    }

    @Override
    public void onConnection(Consumer<OutboundConnection> told) {
        log.tell(told);
    }

    @Override
    public List<OutboundName> outbounds() {
        return rules().outbounds().values().stream().map(Outbound::guest).sorted(Comparator.comparing(OutboundName::name)).toList();
    }

    @Override
    public boolean takes(Target target) {
        return target.name().equals(PROXY) || target.name().startsWith(OUTBOUND);
    }

    @Override
    public void opened(Target target, GuestStream stream) {
        Optional<Refusal> refusal = quota.open();
        if (refusal.isEmpty()) {
            Place place = new Place(quota);
            onLoop(Duration.ZERO, () -> begin(target.name(), new GuestChannel(stream), place), stream, place::leave);
        } else {
            log.refused(target.name(), refusal.get());
            onLoop(BEFORE_REFUSAL, () -> Canned.refuse(new GuestChannel(stream), loop, refusal.get(), speaksHttp(target.name())), stream, () -> { });
        }
    }

    /** What a connection takes within the limits, until it leaves. Used on the loop, and where there is none any more. */
    private static final class Place {

        private final Quota quota;
        private boolean left;

        Place(Quota quota) {
            this.quota = quota;
        }

        void leave() {
            if (!left) {
                left = true;
                quota.closed();
            }
        }
    }

    /** Whatever fails: no stream is left open, and none is counted for ever. */
    private void onLoop(Duration delay, Runnable work, GuestStream stream, Runnable otherwise) {
        try {
            loop.schedule(() -> {
                try {
                    work.run();
                } catch (RuntimeException | Error e) {
                    stream.close();
                    otherwise.run();
                    throw e;
                }
            }, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            stream.close();
            otherwise.run();
        }
    }

    @Override
    public boolean waits() {
        return log.waits();
    }

    private boolean speaksHttp(String target) {
        return target.equals(PROXY) || rules().outbound(name(target)).filter(outbound -> outbound.http().isPresent()).isPresent();
    }

    private static String name(String target) {
        return target.substring(OUTBOUND.length());
    }

    private void begin(String target, GuestChannel channel, Place place) {
        channel.closeFuture().addListener(closed -> place.leave());
        Traffic traffic = new Traffic(quota);
        channel.pipeline().addLast(traffic);
        if (speaksHttp(target)) {
            Router router = target.equals(PROXY) ? new ProxyRouter(this::rules, house.parts()::service)
                    : new OutboundRouter(name(target), facts.runtime(), () -> rules().outbound(name(target)));
            channel.pipeline().addLast(new HttpEnds.Guest(settings().limits().headerBytes()), new FlowControlHandler(),
                    new HttpFront(this, router, traffic, target));
            take(channel);
        } else {
            take(channel);
            bytes(channel, target, traffic);
        }
    }

    /** After the session's end this closes it. */
    private void take(Channel channel) {
        loop.register(channel);
        channels.add(channel);
    }

    private void bytes(GuestChannel channel, String target, Traffic traffic) {
        Entry entry = log.begin(traffic, target, new Entry.Marks(0, 0));
        channel.closeFuture().addListener(closed -> entry.tell("", Optional.of(LEFT)));
        Optional<Outbound> outbound = rules().outbound(name(target));
        if (outbound.isEmpty()) {
            entry.tell("", Optional.of(Refusal.denied("The agent " + facts.runtime() + " has no <outbound name=\"" + name(target)
                    + "\"> in server.xml.")));
            channel.close();
            return;
        }
        Upstream upstream = outbound.get().upstream();
        entry.goesTo(upstream.destination().toString());
        Route route = dialer().route(upstream, false);
        Future<Channel> dial = dialer().dial(loop, line(upstream, outbound.get().permit(), route, true, List::of));
        channel.closeFuture().addListener(closed -> dial.cancel(false));
        dial.addListener(dialed -> {
            String to = upstream.destination().toString();
            if (!channel.isThere()) {
                entry.tell(to, Optional.of(LEFT));
                leave(dialed);
            } else if (!dialed.isSuccess()) {
                entry.tell(to, Optional.of(Refusal.of(dialed.cause(), "Connecting " + to)));
                channel.close();
            } else {
                entry.waitsWhile(traffic::waits);
                relay(channel, (Channel) dialed.getNow(), entry, to,
                        new Grant(route, () -> rules().outbound(name(target)).filter(now -> now.upstream().equals(upstream)).map(Outbound::permit)));
                channel.read();
                ((Channel) dialed.getNow()).read();
            }
        });
    }

    /** Nobody wants the connection any more that was being made. */
    static void leave(Future<?> dialed) {
        if (dialed.isSuccess()) {
            ((Channel) dialed.getNow()).close();
        }
    }

    /**
     * Why there is a connection.
     *
     * @param route  by which it was made; a company's proxy judges addresses itself
     * @param permit what server.xml gives the agent for it now; empty where that is nothing
     */
    record Grant(Route route, Supplier<Optional<Permit>> permit) {

        boolean covers(Optional<InetAddress> peer) {
            return permit.get().filter(now -> route.proxy().isPresent() || peer.filter(address -> !now.allows(address)).isEmpty()).isPresent();
        }
    }

    /** From now on the bytes of each pass to the other as they are, once both are read for the first time, and while the grant covers it. */
    void relay(Channel front, Channel back, Entry entry, String target, Grant grant) {
        Duration closing = settings().times().closing();
        Relay.End end = new Relay.End() {
            @Override
            public void whole() {
                entry.tell(target, Optional.empty());
            }

            @Override
            public void broke(Channel side, Throwable cause) {
                entry.tell(target, Optional.of(cause instanceof Refusal.RefusedException limit ? limit.refusal() : side == front ? LEFT
                        : Refusal.broken("The connection to " + target + " broke off: " + Texts.shown(String.valueOf(cause.getMessage())) + ".")));
            }

            @Override
            public void late() {
                entry.tell(target, Optional.of(Refusal.late("One side of the connection to " + target + " had ended, and nothing passed for "
                        + closing.toMillis() + " ms: closingTimeout of <" + EgressSettings.ELEMENT + "> in server.xml.")));
            }
        };
        front.pipeline().addLast(new Relay(back, closing, end));
        if (back.pipeline().get(Attempt.Unready.class) != null) {
            back.pipeline().remove(Attempt.Unready.class);
        }
        back.pipeline().addLast(new Relay(front, closing, end));
        // None where it has ended already.
        Optional<InetAddress> peer = Optional.ofNullable((InetSocketAddress) back.remoteAddress()).map(InetSocketAddress::getAddress);
        ScheduledFuture<?> judged = loop.scheduleWithFixedDelay(() -> {
            if (!grant.covers(peer)) {
                entry.tell(target, Optional.of(Refusal.denied("What gave the agent " + facts.runtime() + " the connection to " + target
                        + " was taken out of server.xml.")));
                front.close();
            }
        }, BETWEEN_JUDGEMENTS.toMillis(), BETWEEN_JUDGEMENTS.toMillis(), TimeUnit.MILLISECONDS);
        front.closeFuture().addListener(closed -> judged.cancel(false));
    }

    Dialer.Line line(Upstream upstream, Permit permit, Route route, boolean halves, Supplier<List<ChannelHandler>> handlers) {
        return new Dialer.Line(upstream, permit, route, halves, quota, lookups, handlers);
    }

    Quota quota() {
        return quota;
    }

    SessionFacts facts() {
        return facts;
    }

    AgentRules rules() {
        return house.rules().apply(facts.runtime());
    }

    EgressSettings settings() {
        return house.settings().get();
    }

    ConnectionLog log() {
        return log;
    }

    Dialer dialer() {
        return house.dialer();
    }

    HostParts parts() {
        return house.parts();
    }

    HostCalls calls() {
        return calls;
    }

    BackPool pool() {
        return pool;
    }

    /** Also where the way out was closed before: the session is told to have ended all the same. */
    @Override
    public void close() {
        quota.left();
        house.shelf().ended(facts, log);
        channels.close();
        try {
            loop.execute(pool::close);
        } catch (RejectedExecutionException ended) {
            // The loop has closed its connections, those that rest as well.
            return;
        }
    }
}

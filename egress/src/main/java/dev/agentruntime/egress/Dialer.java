package dev.agentruntime.egress;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;

/**
 * Connects the host to what a guest wants to reach: looks the name up, keeps the addresses that are permitted and connects to one of
 * those very addresses. Thread-safe; no method blocks.
 */
final class Dialer {

    private static final int READ_BYTES = 16 * 1024;

    private final Tls tls;
    private final Supplier<EgressSettings> settings;
    private final Executor work;

    /** @param work runs what takes long: reading key stores, and the arithmetic of TLS */
    Dialer(Tls tls, Supplier<EgressSettings> settings, Executor work) {
        this.tls = tls;
        this.settings = settings;
        this.work = work;
    }

    /**
     * What is connected.
     *
     * @param route    the way to it
     * @param halves   whether each side of the connection may end by itself
     * @param handlers those behind TLS
     */
    record Line(Upstream upstream, Permit permit, Route route, boolean halves, Quota quota, Lookups.Share lookups, Supplier<List<ChannelHandler>> handlers) {}

    /** How it is reached now; {@code requests} when they, and not bytes, are what goes there. */
    Route route(Upstream upstream, boolean requests) {
        Optional<CompanyProxy> proxy = settings.get().proxy().filter(company -> company.isFor(upstream.destination().host()));
        return new Route(proxy, proxy.isPresent() && requests && !upstream.tls());
    }

    /**
     * A channel that serves, TLS included; reads nothing by itself. Fails with {@link Refusal.RefusedException}. Whoever does not want it
     * any more cancels it, which ends the look-up and the connection; from its success on the channel is the asker's to close.
     */
    Promise<Channel> dial(EventLoop loop, Line line) {
        Promise<Channel> serving = loop.newPromise();
        Upstream upstream = line.upstream();
        Optional<CompanyProxy> proxy = line.route().proxy();
        if (upstream.destination().host() instanceof Host.Literal literal && !line.permit().allows(literal.address())) {
            return serving.setFailure(forbidden(upstream, List.of(literal.address())).exception());
        }
        Duration patience = settings.get().times().connect();
        ScheduledFuture<?> late = loop.schedule(() -> serving.tryFailure(Refusal.late(upstream.destination() + " could not be connected within "
                + patience.toMillis() + " ms: connectTimeout of <" + EgressSettings.ELEMENT + "> in server.xml.").exception()),
                patience.toMillis(), TimeUnit.MILLISECONDS);
        serving.addListener(done -> late.cancel(false));
        CompletableFuture<List<InetAddress>> found = line.lookups().find(proxy.map(company -> company.destination().host())
                .orElse(upstream.destination().host()));
        serving.addListener(done -> found.cancel(false));
        found.whenComplete((addresses, failure) -> loop.execute(() -> {
            if (failure != null) {
                serving.tryFailure(Refusal.of(bare(failure), "The look-up of " + upstream.destination().host()).exception());
            } else if (proxy.isPresent()) {
                connect(loop, line, new Through(proxy.get(), addresses, line.route().asks()), serving);
            } else {
                List<InetAddress> permitted = addresses.stream().filter(line.permit()::allows).toList();
                if (permitted.isEmpty()) {
                    serving.tryFailure(forbidden(upstream, addresses).exception());
                } else {
                    connect(loop, line, permitted, 0, serving);
                }
            }
        }));
        return serving;
    }

    /** The way through the company's proxy. */
    private record Through(CompanyProxy proxy, List<InetAddress> addresses, boolean asks) {

        InetSocketAddress address() {
            return new InetSocketAddress(addresses.get(0), proxy.destination().port());
        }

        HttpProxyHandler handler(Duration patience) {
            HttpProxyHandler handler = proxy.user()
                    .map(login -> new HttpProxyHandler(address(), login.name(), login.password()))
                    .orElseGet(() -> new HttpProxyHandler(address()));
            handler.setConnectTimeoutMillis(patience.toMillis());
            return handler;
        }
    }

    private void connect(EventLoop loop, Line line, Through through, Promise<Channel> serving) {
        Destination destination = line.upstream().destination();
        SocketAddress to = through.asks() ? through.address()
                : InetSocketAddress.createUnresolved(destination.host().plain(), destination.port());
        Optional<HttpProxyHandler> proxy = through.asks() ? Optional.empty()
                : Optional.of(through.handler(settings.get().times().connect()));
        attempt(loop, line, to, proxy, serving, failure -> serving.tryFailure((why(failure).contains("status: 407") ? Route.NOT_LET_IN
                : Refusal.unreachable(destination + " could not be reached through the proxy " + through.proxy().destination() + ": "
                        + why(failure) + ".")).exception()));
    }

    /** One address after the other. */
    private void connect(EventLoop loop, Line line, List<InetAddress> addresses, int index, Promise<Channel> serving) {
        InetAddress address = addresses.get(index);
        attempt(loop, line, new InetSocketAddress(address, line.upstream().destination().port()), Optional.empty(), serving, failure -> {
            if (index + 1 < addresses.size() && !serving.isDone()) {
                connect(loop, line, addresses, index + 1, serving);
            } else {
                serving.tryFailure(Refusal.unreachable(line.upstream().destination() + " (" + address.getHostAddress()
                        + ") could not be connected: " + why(failure) + ".").exception());
            }
        });
    }

    /** What fails before somebody uses a connection is told by the attempt to make it. */
    static final class Unready extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private interface Failed {
        void with(Throwable failure);
    }

    private void attempt(EventLoop loop, Line line, SocketAddress to, Optional<HttpProxyHandler> proxy, Promise<Channel> serving,
            Failed failed) {
        if (!line.upstream().tls()) {
            open(loop, line, to, proxy, Optional.empty(), serving, failed);
            return;
        }
        CompletableFuture.supplyAsync(() -> tls.engine(line.upstream()), work).whenComplete((engine, failure) -> loop.execute(() -> {
            if (failure != null) {
                failed.with(bare(failure));
            } else {
                open(loop, line, to, proxy, Optional.of(encryption(engine)), serving, failed);
            }
        }));
    }

    private void open(EventLoop loop, Line line, SocketAddress to, Optional<HttpProxyHandler> proxy, Optional<SslHandler> encryption,
            Promise<Channel> serving, Failed failed) {
        if (serving.isDone()) {
            return;
        }
        Bootstrap bootstrap = new Bootstrap().group(loop).channel(NioSocketChannel.class).resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) settings.get().times().connect().toMillis())
                .option(ChannelOption.RCVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(1024, 4 * 1024, READ_BYTES))
                .option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, line.halves()).option(ChannelOption.AUTO_READ, encryption.isPresent())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        ChannelPipeline pipeline = channel.pipeline();
                        pipeline.addLast(new Traffic.Pace(line.quota()));
                        // Bytes that come right behind the proxy's answer wait until somebody reads.
                        proxy.ifPresent(handler -> pipeline.addLast(handler, new FlowControlHandler()));
                        encryption.ifPresent(pipeline::addLast);
                        line.handlers().get().forEach(pipeline::addLast);
                        if (line.halves()) {
                            pipeline.addLast(new Unready());
                        }
                    }
                });
        bootstrap.connect(to).addListener(connected -> {
            Channel channel = ((ChannelFuture) connected).channel();
            serving.addListener(done -> {
                if (!done.isSuccess()) {
                    channel.close();
                }
            });
            if (!connected.isSuccess()) {
                failed.with(connected.cause());
                return;
            }
            Future<Channel> ready = encryption.map(SslHandler::handshakeFuture).or(() -> proxy.map(HttpProxyHandler::connectFuture))
                    .orElseGet(() -> loop.newSucceededFuture(channel));
            ready.addListener(done -> {
                channel.config().setAutoRead(false);
                settle(channel, done.isSuccess() ? Optional.empty() : Optional.of(done.cause()), serving, failed);
            });
        });
    }

    private static void settle(Channel channel, Optional<Throwable> failure, Promise<Channel> serving, Failed failed) {
        if (failure.isPresent()) {
            channel.close();
            failed.with(failure.get());
        } else if (!serving.trySuccess(channel)) {
            channel.close();
        }
    }

    private SslHandler encryption(SSLEngine engine) {
        SslHandler handler = new SslHandler(engine, work);
        handler.setHandshakeTimeoutMillis(settings.get().times().connect().toMillis());
        handler.setCloseNotifyFlushTimeoutMillis(1_000);
        return handler;
    }

    private static Refusal forbidden(Upstream upstream, List<InetAddress> addresses) {
        InetAddress address = addresses.get(0);
        return Refusal.denied(upstream.destination() + " is " + address.getHostAddress() + ", " + Reach.of(address).words()
                + ". Where an agent may reach it, name the address or its range: the attribute addresses of <allow> or <outbound> in"
                + " server.xml.");
    }

    private static String why(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        return Texts.shown(deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage());
    }

    private static Throwable bare(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}

package dev.agentruntime.egress;

import dev.agentruntime.net.Texts;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;

/** A connection that is being made, to one address of its host after the other. Used on the session's loop only. */
final class Attempt {

    private static final int READ_BYTES = 16 * 1024;
    /** Whoever names a host has no end of addresses. */
    private static final int MOST_ADDRESSES = 8;
    private static final Duration LEAST = Duration.ofMillis(50);
    private static final Pattern STATUS = Pattern.compile("status: (\\d{3})");

    /**
     * What it takes.
     *
     * @param work     runs what takes long
     * @param patience for all addresses together
     */
    record Means(Tls tls, Executor work, Duration patience) {}

    private final EventLoop loop;
    private final Dialer.Line line;
    private final Promise<Channel> serving;
    private final Means means;
    private final long until;

    /** @param serving gets the channel, or why there is none */
    Attempt(EventLoop loop, Dialer.Line line, Promise<Channel> serving, Means means) {
        this.loop = loop;
        this.line = line;
        this.serving = serving;
        this.means = means;
        this.until = System.nanoTime() + means.patience().toNanos();
    }

    /** @param addresses those of the company's proxy where the route leads through it, or else the permitted ones of the upstream */
    void connect(List<InetAddress> addresses) {
        connect(addresses.subList(0, Math.min(addresses.size(), MOST_ADDRESSES)), 0);
    }

    private void connect(List<InetAddress> addresses, int index) {
        if (serving.isDone()) {
            return;
        }
        boolean last = index + 1 == addresses.size();
        // A dead address takes its share of the time and leaves the others theirs; for the last one, whoever asked has the time.
        long share = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()) / (addresses.size() - index);
        Try one = new Try(addresses.get(index), last ? means.patience() : Duration.ofMillis(Math.max(LEAST.toMillis(), share)));
        one.failed.addListener(failure -> {
            if (!last) {
                connect(addresses, index + 1);
            } else {
                serving.tryFailure(unreachable(addresses.get(index), failure.cause()).exception());
            }
        });
        one.begin();
    }

    /** What fails before somebody uses a connection is told by the attempt to make it. */
    static final class Unready extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    /** One address. */
    private final class Try {

        private final InetAddress address;
        private final Duration patience;
        private final Promise<Void> failed = loop.newPromise();

        Try(InetAddress address, Duration patience) {
            this.address = address;
            this.patience = patience;
        }

        void begin() {
            if (!line.upstream().tls()) {
                open(Optional.empty());
                return;
            }
            try {
                CompletableFuture.supplyAsync(() -> means.tls().engine(line.upstream()), means.work()).whenComplete((engine, failure) -> loop.execute(() -> {
                    if (failure != null) {
                        failed.tryFailure(failure.getCause() == null ? failure : failure.getCause());
                    } else {
                        open(Optional.of(encryption(engine)));
                    }
                }));
            } catch (RejectedExecutionException closed) {
                failed.tryFailure(closed);
            }
        }

        private SslHandler encryption(SSLEngine engine) {
            SslHandler handler = new SslHandler(engine, means.work());
            handler.setHandshakeTimeoutMillis(patience.toMillis());
            handler.setCloseNotifyFlushTimeoutMillis(1_000);
            return handler;
        }

        private Optional<HttpProxyHandler> tunnel() {
            return line.route().proxy().filter(company -> !line.route().asks()).map(company -> {
                InetSocketAddress at = new InetSocketAddress(address, company.destination().port());
                HttpProxyHandler handler = company.user().map(login -> new HttpProxyHandler(at, login.name(), login.password()))
                        .orElseGet(() -> new HttpProxyHandler(at));
                handler.setConnectTimeoutMillis(patience.toMillis());
                return handler;
            });
        }

        private SocketAddress to(boolean tunnels) {
            Destination destination = line.upstream().destination();
            return tunnels ? InetSocketAddress.createUnresolved(destination.host().plain(), destination.port())
                    : new InetSocketAddress(address, line.route().proxy().map(CompanyProxy::destination).orElse(destination).port());
        }

        private void open(Optional<SslHandler> encryption) {
            if (serving.isDone()) {
                return;
            }
            Optional<HttpProxyHandler> tunnel = tunnel();
            Bootstrap bootstrap = new Bootstrap().group(loop).channel(NioSocketChannel.class).resolver(NoopAddressResolverGroup.INSTANCE)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(Integer.MAX_VALUE, patience.toMillis()))
                    .option(ChannelOption.RCVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(1024, 4 * 1024, READ_BYTES))
                    .option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true)
                    .option(ChannelOption.ALLOW_HALF_CLOSURE, line.halves()).option(ChannelOption.AUTO_READ, encryption.isPresent())
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            ChannelPipeline pipeline = channel.pipeline();
                            pipeline.addLast(new Traffic.Pace(line.quota()));
                            // Bytes that come right behind the proxy's answer wait until somebody reads.
                            tunnel.ifPresent(handler -> pipeline.addLast(handler, new FlowControlHandler()));
                            encryption.ifPresent(pipeline::addLast);
                            line.handlers().get().forEach(pipeline::addLast);
                            if (line.halves()) {
                                pipeline.addLast(new Unready());
                            }
                        }
                    });
            bootstrap.connect(to(tunnel.isPresent())).addListener(connected -> {
                Channel channel = ((ChannelFuture) connected).channel();
                serving.addListener(done -> {
                    if (!done.isSuccess()) {
                        channel.close();
                    }
                });
                if (!connected.isSuccess()) {
                    failed.tryFailure(connected.cause());
                    return;
                }
                Future<Channel> ready = encryption.map(SslHandler::handshakeFuture).or(() -> tunnel.map(HttpProxyHandler::connectFuture))
                        .orElseGet(() -> loop.newSucceededFuture(channel));
                ready.addListener(done -> {
                    channel.config().setAutoRead(false);
                    settle(channel, done);
                });
            });
        }

        private void settle(Channel channel, Future<?> ready) {
            if (!ready.isSuccess()) {
                channel.close();
                failed.tryFailure(ready.cause());
            } else if (!serving.trySuccess(channel)) {
                channel.close();
            }
        }
    }

    private Refusal unreachable(InetAddress address, Throwable failure) {
        Destination destination = line.upstream().destination();
        String why = why(failure);
        if (line.route().proxy().isPresent()) {
            Matcher status = STATUS.matcher(why);
            boolean answered = status.find();
            return answered && status.group(1).equals("407") ? Route.NOT_LET_IN
                    : Refusal.unreachable(destination + " could not be reached through the company's proxy: "
                            + (answered ? "status " + status.group(1) : told(address, failure)) + ".")
                            .logged(destination + " could not be reached through the proxy " + line.route().proxy().get().destination() + ": " + why + ".");
        }
        return Refusal.unreachable(destination + " could not be connected: " + told(address, failure) + ".")
                .logged(destination + " (" + address.getHostAddress() + ") could not be connected: " + why + ".");
    }

    /** For the guest, without the address. */
    private static String told(InetAddress address, Throwable failure) {
        return failure instanceof ConnectTimeoutException || failure instanceof ProxyConnectException ? "no answer in time"
                : why(failure).replace(address.getHostAddress(), "its address");
    }

    private static String why(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        return Texts.shown(deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage());
    }
}

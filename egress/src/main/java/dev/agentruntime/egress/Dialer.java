package dev.agentruntime.egress;

import dev.agentruntime.net.Host;
import dev.agentruntime.net.Permit;
import dev.agentruntime.net.Reach;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Connects the host to what a guest wants to reach: looks the name up, keeps the addresses that are permitted and connects to one of
 * those very addresses. Thread-safe; no method blocks.
 */
final class Dialer {

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
        Destination destination = line.upstream().destination();
        if (destination.host() instanceof Host.Literal literal && !line.permit().allows(literal.address())) {
            return serving.setFailure(forbidden(destination, List.of(literal.address())).exception());
        }
        Duration patience = settings.get().times().connect();
        Attempt attempt = new Attempt(loop, line, serving, new Attempt.Means(tls, work, patience));
        ScheduledFuture<?> late = loop.schedule(() -> serving.tryFailure(Refusal.late(destination + " could not be connected within "
                + patience.toMillis() + " ms: connectTimeout of <" + EgressSettings.ELEMENT + "> in server.xml.").exception()),
                patience.toMillis(), TimeUnit.MILLISECONDS);
        serving.addListener(done -> late.cancel(false));
        Optional<CompanyProxy> proxy = line.route().proxy();
        CompletableFuture<List<InetAddress>> found = line.lookups().find(proxy.map(CompanyProxy::destination).orElse(destination).host());
        serving.addListener(done -> found.cancel(false));
        found.whenComplete((addresses, failure) -> loop.execute(() -> {
            if (failure != null) {
                serving.tryFailure(notFound(line, failure).exception());
            } else if (proxy.isPresent()) {
                attempt.connect(addresses);
            } else {
                List<InetAddress> permitted = addresses.stream().filter(line.permit()::allows).toList();
                if (permitted.isEmpty()) {
                    serving.tryFailure(forbidden(destination, addresses).exception());
                } else {
                    attempt.connect(permitted);
                }
            }
        }));
        return serving;
    }

    private static Refusal notFound(Line line, Throwable failure) {
        Throwable bare = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        Refusal refusal = Refusal.of(bare, "The look-up of " + line.upstream().destination().host());
        return line.route().proxy().isEmpty() ? refusal : Refusal.unreachable("The company's proxy cannot be looked up.").logged(refusal.sentence());
    }

    /** Where a name leads to is the company's business and not the guest's. */
    private static Refusal forbidden(Destination destination, List<InetAddress> addresses) {
        InetAddress address = addresses.get(0);
        String advice = " Where an agent may reach it, name the address or its range: the attribute addresses of <allow> or <outbound> in server.xml.";
        return Refusal.denied(destination + " has no address that this agent may reach; the server's log has it." + advice)
                .logged(destination + " is " + address.getHostAddress() + ", " + Reach.of(address).words() + "." + advice);
    }
}

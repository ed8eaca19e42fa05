package dev.agentruntime.egress;

import dev.agentruntime.api.OutboundConnection.Outcome;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.net.Permit;
import dev.agentruntime.spi.OutboundCredentials;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The end of a guest's HTTP connection: judges each of its requests and has it answered, one after the other. */
final class HttpFront extends ChannelInboundHandlerAdapter implements Exchange.Owner {

    private final SessionWay session;
    private final Router router;
    private final Traffic traffic;
    private final String way;
    private ChannelHandlerContext context;
    private Optional<Exchange> current = Optional.empty();
    private Optional<Entry> entry = Optional.empty();
    /** Where the bytes of the next request begin. */
    private Entry.Marks marks = new Entry.Marks(0, 0);
    /** Came while its predecessor was being answered. */
    private Optional<HttpRequest> next = Optional.empty();
    /** What is done when the request whose head was read has ended. */
    private Optional<Runnable> afterLast = Optional.empty();
    /** For the host itself, while its body comes. */
    private Optional<HostAnswer> asked = Optional.empty();
    private boolean guestEnded;
    /** Nothing else that the guest sends is looked at. */
    private boolean leaving;
    /** Of the connection that serves the current exchange. */
    private BackPool.Key key;
    private boolean hasDialed;
    private Optional<Future<Channel>> dialing = Optional.empty();
    private Optional<ScheduledFuture<?>> idle = Optional.empty();

    HttpFront(SessionWay session, Router router, Traffic traffic, String way) {
        this.session = session;
        this.router = router;
        this.traffic = traffic;
        this.way = way;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        awaitRequest();
    }

    private void awaitRequest() {
        idle = Optional.of(context.executor().schedule(this::leave,
                session.settings().times().idle().toMillis(), TimeUnit.MILLISECONDS));
        context.read();
    }

    private void leave() {
        leaving = true;
        Farewell.bid(context.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        if (leaving) {
            ReferenceCountUtil.release(message);
            context.read();
        } else if (message instanceof HttpRequest request) {
            if (current.isPresent() || afterLast.isPresent()) {
                next = Optional.of(request);
            } else {
                begin(request);
            }
        } else if (current.isPresent() && next.isEmpty()) {
            current.get().requestContent((HttpContent) message);
        } else {
            boolean last = message instanceof LastHttpContent;
            Optional<Refusal> tooMuch = asked.flatMap(one -> one.add((HttpContent) message));
            ReferenceCountUtil.release(message);
            if (tooMuch.isPresent()) {
                refuseAsked(tooMuch.get());
            } else if (last && next.isEmpty()) {
                Optional<Runnable> then = afterLast;
                afterLast = Optional.empty();
                then.ifPresent(Runnable::run);
            } else if (next.isEmpty()) {
                context.read();
            }
        }
    }

    private void begin(HttpRequest request) {
        idle.ifPresent(scheduled -> scheduled.cancel(false));
        entry = Optional.of(session.log().begin(traffic, way, marks));
        Plan plan = Heads.problem(request).<Plan>map(problem -> new Plan.Refuse("", problem)).orElseGet(() -> router.plan(request));
        entry.get().goesTo(plan.target());
        if (plan instanceof Plan.Refuse refuse) {
            boolean close = refuse.refusal().outcome() == Outcome.MALFORMED || !HttpUtil.isKeepAlive(request) || Heads.hasBody(request)
                    || request.method().equals(HttpMethod.CONNECT) || Heads.asksForWebSocket(request);
            refuse(refuse.target(), refuse.refusal(), request, close);
        } else if (plan instanceof Plan.Tunnel tunnel) {
            afterLast = Optional.of(() -> tunnel(request, tunnel));
            context.read();
        } else if (plan instanceof Plan.Serve serve) {
            asked = Optional.of(new HostAnswer(request, serve));
            afterLast = Optional.of(this::serve);
            idle = Optional.of(context.executor().schedule(this::bodyIsLate, session.settings().times().stall().toMillis(), TimeUnit.MILLISECONDS));
            context.read();
        } else {
            Exchange exchange = new Exchange(request, (Plan.Forward) plan, context.channel(), this, session.settings().times());
            current = Optional.of(exchange);
            exchange.plan().keyed().ifPresentOrElse(keyed -> connectWith(keyed, exchange), () -> connect(exchange, false));
        }
    }

    /** First of all the host gets the credential. Nothing of the request is read meanwhile but its head. */
    private void connectWith(Keyed keyed, Exchange exchange) {
        OutboundCredentials room = session.parts().credentials().get().orElse((facts, wanted) -> {
            throw new RequestException(RequestException.Kind.FORBIDDEN, "The outbound takes its credential from the provider " + wanted.provider()
                    + ", and this server has none: it needs the feature usr:agentIdentity-1.0.");
        });
        session.calls().call(() -> room.credential(session.facts(), keyed.wanted()), session.settings().times().stall(), secret -> {
            if (isThere() && current.filter(one -> one == exchange).isPresent()) {
                try {
                    keyed.with(secret).putInto(exchange.plan().request().headers());
                    connect(exchange, false);
                } catch (Refusal.RefusedException noHeader) {
                    exchange.fail(noHeader.refusal());
                }
            }
        }, exchange::fail);
    }

    /** The request is whole: another room answers it. Until then nothing else of this connection is looked at. */
    private void serve() {
        HostAnswer whole = asked.orElseThrow();
        Optional<Refusal> tooFast = session.quota().another(); // each may be a line in the log
        if (tooFast.isPresent()) {
            refuseAsked(tooFast.get());
            return;
        }
        idle.ifPresent(scheduled -> scheduled.cancel(false));
        asked = Optional.empty();
        afterLast = Optional.of(() -> { });
        session.calls().call(() -> whole.serve(session.facts()), session.settings().times().stall(), answer -> {
            if (isThere()) {
                afterLast = Optional.empty();
                tell(whole.target(), Optional.empty());
                answer(HttpResponseStatus.valueOf(answer.status()), answer.type(), answer.headers(), answer.body(), whole.request(),
                        guestEnded || !HttpUtil.isKeepAlive(whole.request()) || Heads.asksForWebSocket(whole.request()));
            }
        }, refusal -> {
            if (isThere()) {
                afterLast = Optional.empty();
                tell(whole.target(), Optional.of(refusal));
                answer(refusal, whole.request(), true);
            }
        });
    }

    private void bodyIsLate() {
        refuseAsked(new Refusal(Outcome.TIMED_OUT, HttpResponseStatus.REQUEST_TIMEOUT, "The request's body did not come within "
                + session.settings().times().stall().toMillis() + " ms: responseTimeout of <" + EgressSettings.ELEMENT + "> in server.xml."));
    }

    private void refuseAsked(Refusal refusal) {
        HostAnswer unread = asked.orElseThrow();
        idle.ifPresent(scheduled -> scheduled.cancel(false));
        asked = Optional.empty();
        afterLast = Optional.of(() -> { });
        tell(unread.target(), Optional.of(refusal));
        answer(refusal, unread.request(), true);
    }

    @Override
    public void connect(Exchange exchange, boolean fresh) {
        Plan.Forward plan = exchange.plan();
        // A proxy that is asked by a whole URL would not let the protocol change, and would take * for itself; by CONNECT it sees neither.
        Route route = session.dialer().route(plan.upstream(), !exchange.upgrades() && plan.request().uri().startsWith("/"));
        key = new BackPool.Key(plan.upstream(), plan.permit(), route);
        Optional<Channel> rested = fresh ? Optional.empty() : session.pool().take(key);
        if (rested.isPresent()) {
            exchange.start(rested.get(), true, route);
            return;
        }
        Optional<Refusal> tooFast = another();
        if (tooFast.isPresent()) {
            exchange.fail(tooFast.get());
            return;
        }
        dial(session.line(plan.upstream(), plan.permit(), route, false, () -> HttpEnds.upstream(session.settings().limits().headerBytes())))
                .addListener(dialed -> {
                    if (!isThere()) {
                        SessionWay.leave(dialed);
                    } else if (dialed.isSuccess()) {
                        exchange.start((Channel) dialed.getNow(), false, route);
                    } else {
                        exchange.fail(Refusal.of(dialed.cause(), "Connecting " + plan.target()));
                    }
                });
    }

    /** Takes place for one more connection outwards. The guest's own has paid for the first. */
    private Optional<Refusal> another() {
        Optional<Refusal> tooFast = hasDialed ? session.quota().another() : Optional.empty();
        hasDialed = true;
        return tooFast;
    }

    private Future<Channel> dial(Dialer.Line line) {
        Future<Channel> begun = session.dialer().dial(context.channel().eventLoop(), line);
        dialing = Optional.of(begun);
        begun.addListener(done -> dialing = Optional.empty());
        return begun;
    }

    /** Whether the guest still waits; where it does not, what it asked for has been told already. */
    private boolean isThere() {
        return ((GuestChannel) context.channel()).isThere();
    }

    @Override
    public boolean guestEnded() {
        return guestEnded;
    }

    @Override
    public void over(Exchange exchange, boolean backReusable, boolean guestReusable) {
        exchange.back().ifPresent(back -> {
            if (backReusable) {
                session.pool().give(key, back);
            } else {
                back.pipeline().get(HttpBack.class).rest();
                back.close();
            }
        });
        tell(exchange.plan().target(), Optional.empty());
        current = Optional.empty();
        if (!guestReusable || guestEnded && next.isEmpty()) {
            leave();
        } else {
            goOn();
        }
    }

    @Override
    public void listens(Exchange exchange) {
        entry.ifPresent(one -> one.waitsWhile(() -> false));
    }

    @Override
    public void upgraded(Exchange exchange, HttpResponse head) {
        Entry own = entry.orElseThrow();
        Channel back = exchange.back().orElseThrow();
        entry = Optional.empty();
        current = Optional.empty();
        back.pipeline().get(HttpBack.class).rest();
        goOnAsBytes(Heads.upgrade(head), back, own, exchange.plan().target(), granted(exchange.asked(), exchange.plan(), exchange.route().orElseThrow()));
    }

    private void goOn() {
        Optional<HttpRequest> waiting = next;
        next = Optional.empty();
        waiting.ifPresentOrElse(this::begin, this::awaitRequest);
    }

    @Override
    public void refused(Exchange exchange, Refusal refusal) {
        current = Optional.empty();
        tell(exchange.plan().target(), Optional.of(refusal));
        answer(refusal, exchange.asked(), true);
    }

    @Override
    public void broken(Exchange exchange, Refusal refusal) {
        current = Optional.empty();
        tell(exchange.plan().target(), Optional.of(refusal));
        context.close();
    }

    private void refuse(String target, Refusal refusal, HttpRequest request, boolean close) {
        tell(target, Optional.of(refusal));
        if (close) {
            answer(refusal, request, true);
        } else {
            afterLast = Optional.of(() -> answer(refusal, request, false));
            context.read();
        }
    }

    private void answer(Refusal refusal, HttpRequest request, boolean close) {
        answer(refusal.status(), "text/plain; charset=utf-8", Map.of(), refusal.sentence() + "\n", request, close);
    }

    private void answer(HttpResponseStatus status, String type, Map<String, String> headers, String body, HttpRequest request, boolean close) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
        headers.forEach(response.headers()::set);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, type).set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        if (close) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        context.pipeline().get(HttpEnds.Guest.class).answersHead(request.method().equals(HttpMethod.HEAD));
        Future<?> unread = context.executor().schedule(() -> context.close(), session.settings().times().stall().toMillis(), TimeUnit.MILLISECONDS);
        context.writeAndFlush(response).addListener(written -> {
            unread.cancel(false);
            if (close || !written.isSuccess()) {
                leave();
            } else {
                goOn();
            }
        });
    }

    private void tunnel(HttpRequest request, Plan.Tunnel tunnel) {
        Entry own = entry.orElseThrow();
        // Until the tunnel is there, nothing else of this connection is looked at.
        afterLast = Optional.of(() -> { });
        Optional<Refusal> tooFast = another();
        if (tooFast.isPresent()) {
            tell(tunnel.target(), tooFast);
            answer(tooFast.get(), request, true);
            return;
        }
        Route route = session.dialer().route(tunnel.upstream(), false);
        dial(session.line(tunnel.upstream(), tunnel.permit(), route, true, List::of)).addListener(dialed -> {
            if (!isThere()) {
                SessionWay.leave(dialed);
            } else if (dialed.isSuccess()) {
                opened((Channel) dialed.getNow(), own, tunnel, granted(request, tunnel, route));
            } else {
                Refusal refusal = Refusal.of(dialed.cause(), "Connecting " + tunnel.target());
                tell(tunnel.target(), Optional.of(refusal));
                answer(refusal, request, true);
            }
        });
    }

    private void opened(Channel back, Entry own, Plan.Tunnel tunnel, SessionWay.Grant grant) {
        entry = Optional.empty();
        goOnAsBytes(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, new HttpResponseStatus(200, "Connection Established"),
                Unpooled.EMPTY_BUFFER), back, own, tunnel.target(), grant);
    }

    /** What the request would be given now. The rest of it, which may be large, is not kept for that. */
    private SessionWay.Grant granted(HttpRequest request, Plan plan, Route route) {
        HttpRequest again = new DefaultHttpRequest(request.protocolVersion(), request.method(), request.uri());
        return new SessionWay.Grant(route, () -> Optional.of(router.plan(again)).filter(now -> now.leadsTo().equals(plan.leadsTo())).flatMap(HttpFront::permit));
    }

    private static Optional<Permit> permit(Plan plan) {
        return plan instanceof Plan.Forward forward ? Optional.of(forward.permit())
                : plan instanceof Plan.Tunnel tunnel ? Optional.of(tunnel.permit()) : Optional.empty();
    }

    private void goOnAsBytes(FullHttpResponse last, Channel back, Entry own, String target, SessionWay.Grant grant) {
        own.waitsWhile(traffic::waits);
        context.pipeline().get(HttpEnds.Guest.class).answersHead(false);
        context.writeAndFlush(last).addListener(written -> {
            if (!written.isSuccess()) {
                back.close();
                own.tell(target, Optional.of(SessionWay.LEFT));
                return;
            }
            ChannelPipeline pipeline = context.pipeline();
            session.relay(context.channel(), back, own, target, grant);
            // Neither side may write HTTP any more when the other passes on what it has read already.
            pipeline.get(HttpEnds.Guest.class).removeOutboundHandler();
            HttpEnds.writeBytes(back.pipeline());
            pipeline.remove(this);
            pipeline.remove(FlowControlHandler.class);
            pipeline.remove(HttpEnds.Guest.class);
            HttpEnds.readBytes(back.pipeline());
            context.channel().read();
            back.read();
        });
    }

    private void tell(String target, Optional<Refusal> refusal) {
        entry.ifPresent(one -> {
            one.tell(target, refusal);
            marks = Entry.Marks.of(traffic);
        });
        entry = Optional.empty();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext of, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            guestEnded = true;
            if (current.isEmpty() && next.isEmpty() && entry.isEmpty()) {
                leave();
            }
        }
        of.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        idle.ifPresent(scheduled -> scheduled.cancel(false));
        current.ifPresent(exchange -> exchange.fail(SessionWay.LEFT));
        tell("", Optional.of(SessionWay.LEFT));
        dialing.ifPresent(begun -> begun.cancel(false));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
        boolean left = cause instanceof IOException;
        Refusal why = cause instanceof Refusal.RefusedException limit ? limit.refusal() : left ? SessionWay.LEFT : Refusal.ofPlatform(cause);
        Optional<Exchange> exchange = current;
        exchange.ifPresent(one -> one.fail(why));
        tell("", Optional.of(why));
        if (exchange.isEmpty() || left) {
            context.close();
        }
    }
}

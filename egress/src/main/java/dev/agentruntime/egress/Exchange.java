package dev.agentruntime.egress;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One request of a guest on its way to an upstream, and the answer on its way back. Each side is read when the other has taken what
 * came before. Used on the session's loop only.
 */
final class Exchange {

    private static final int MOST_INTERIM = 100;
    private static final Set<HttpMethod> REPEATABLE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    /** Where an exchange gets a connection, and what it tells. */
    interface Owner {
        /** A connection for it: one that rested, or a new one. */
        void connect(Exchange exchange, boolean fresh);

        /** Whether the guest has ended its side. */
        boolean guestEnded();

        /** It is over; the connection to the upstream can be used again or not. */
        void over(Exchange exchange, boolean backReusable, boolean guestReusable);

        /** The answer has begun, and is one that may never end: events for whoever listens. */
        void listens(Exchange exchange);

        /** From now on the connection carries WebSocket. */
        void upgraded(Exchange exchange, HttpResponse head);

        /** It failed before the guest was answered. */
        void refused(Exchange exchange, Refusal refusal);

        /** It failed while the guest was being answered: the answer must not look whole. */
        void broken(Exchange exchange, Refusal refusal);
    }

    private final HttpRequest asked;
    private final Plan.Forward plan;
    private final Channel front;
    private final Owner owner;
    private final boolean body;
    private final boolean upgrades;
    private final Duration stall;
    private final Duration closing;
    private Optional<Channel> back = Optional.empty();
    private Optional<Route> route = Optional.empty();
    private boolean rested;
    private boolean lastTaken;
    private boolean requestDone;
    private boolean lastAnswered;
    private boolean informational;
    private int interim;
    private Optional<HttpResponse> answered = Optional.empty();
    private Optional<HttpResponse> upgrade = Optional.empty();
    private boolean over;
    private long progress = System.nanoTime();
    private Optional<ScheduledFuture<?>> watch = Optional.empty();

    Exchange(HttpRequest asked, Plan.Forward plan, Channel front, Owner owner, EgressSettings.Times times) {
        this.asked = asked;
        this.plan = plan;
        this.front = front;
        this.owner = owner;
        this.body = Heads.hasBody(asked);
        this.upgrades = Heads.asksForWebSocket(asked);
        this.stall = times.stall();
        this.closing = times.closing();
    }

    Plan.Forward plan() {
        return plan;
    }

    boolean upgrades() {
        return upgrades;
    }

    HttpRequest asked() {
        return asked;
    }

    Optional<Channel> back() {
        return back;
    }

    /** By which {@link #back} is connected. */
    Optional<Route> route() {
        return route;
    }

    /**
     * Sends the head; the guest is asked for the body and the upstream for its answer.
     *
     * @param way by which it is connected
     */
    void start(Channel connected, boolean hasRested, Route way) {
        if (over || back.isPresent()) {
            connected.close();
            return;
        }
        back = Optional.of(connected);
        rested = hasRested;
        route = Optional.of(way);
        connected.pipeline().get(HttpBack.class).serve(this);
        watch();
        connected.writeAndFlush(way.request(plan.request(), plan.upstream()));
        if (lastTaken) {
            endRequest(connected);
        } else {
            front.read();
        }
        connected.read();
    }

    /** A piece of the request's body; takes it over. Trailers stay behind, for they could be headers in disguise. */
    void requestContent(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        lastTaken |= last;
        if (over || back.isEmpty()) {
            content.release();
            return;
        }
        if (content.decoderResult().isFailure() || !body && content.content().isReadable()) {
            content.release();
            fail(Refusal.malformed("The request's body is no proper HTTP/1.1."));
            return;
        }
        progress = System.nanoTime();
        if (!last) {
            written(back.get().writeAndFlush(content), front::read);
            return;
        }
        back.get().write(new DefaultHttpContent(content.content()));
        endRequest(back.get());
    }

    /** The guest is read on: it may leave, or ask the next thing already. What follows a change of protocol is not for us to read. */
    private void endRequest(Channel connected) {
        written(connected.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT), () -> {
            requestDone = true;
            if (!upgrades) {
                front.read();
            }
        });
    }

    void responseHead(HttpResponse head) {
        progress = System.nanoTime();
        if (head.status().code() == 101) {
            if (upgrades && Heads.acceptsWebSocket(head.headers())) {
                upgrade = Optional.of(head);
                readBack();
                return;
            }
            backFailed("it changed the protocol without being asked to");
            return;
        }
        if (route.filter(way -> way.isShutTo(head)).isPresent()) {
            fail(Route.NOT_LET_IN);
            return;
        }
        boolean between = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (between && ++interim > MOST_INTERIM) {
            backFailed("it sent more than " + MOST_INTERIM + " interim answers");
            return;
        }
        informational = between;
        if (informational && !toldInterim()) {
            readBack();
            return;
        }
        boolean close = !informational && (upgrades || !HttpUtil.isKeepAlive(asked));
        HttpResponse changed = Heads.response(head, asked, close);
        String location = changed.headers().get(HttpHeaderNames.LOCATION);
        if (location != null) {
            changed.headers().set(HttpHeaderNames.LOCATION, plan.location().of(location));
        }
        if (!informational) {
            answered = Optional.of(head);
            if (asked.method().equals(HttpMethod.GET) && Heads.isEvents(head.headers())) {
                owner.listens(this);
            }
        }
        front.pipeline().get(HttpEnds.Guest.class).answersHead(asked.method().equals(HttpMethod.HEAD));
        written(front.writeAndFlush(changed), this::readBack);
    }

    /** HTTP/1.0 has no interim answers (RFC 9110, section 15.2). */
    private boolean toldInterim() {
        return asked.protocolVersion().equals(HttpVersion.HTTP_1_1);
    }

    /** A piece of the answer; takes it over. */
    void responseContent(HttpContent content) {
        progress = System.nanoTime();
        boolean last = content instanceof LastHttpContent;
        if (upgrade.isPresent()) {
            content.release();
            end();
            owner.upgraded(this, upgrade.get());
            return;
        }
        boolean between = informational;
        informational = informational && !last;
        if (between && !toldInterim()) {
            content.release();
            readBack();
            return;
        }
        lastAnswered = last && !between;
        written(front.writeAndFlush(content), last && !between ? this::answerDone : this::readBack);
    }

    private void written(ChannelFuture write, Runnable then) {
        write.addListener(done -> {
            progress = System.nanoTime();
            if (done.isSuccess() && !over) {
                then.run();
            }
            // A failed write is followed by the end of its connection, which says more.
        });
    }

    private void readBack() {
        back.ifPresent(Channel::read);
    }

    private void answerDone() {
        HttpResponse answer = answered.orElseThrow();
        boolean reusable = requestDone && HttpUtil.isKeepAlive(answer) && Heads.isFramed(answer, asked);
        end();
        boolean framed = asked.protocolVersion().equals(HttpVersion.HTTP_1_1)
                || answer.headers().contains(HttpHeaderNames.CONTENT_LENGTH) && !HttpUtil.isTransferEncodingChunked(answer);
        owner.over(this, reusable, requestDone && framed && !upgrades && HttpUtil.isKeepAlive(asked));
    }

    /** The upstream broke off. Where it may just have ended a connection that rested, a harmless request is sent once more. */
    void backFailed(String why) {
        if (over || lastAnswered) {
            return;
        }
        if (rested && answered.isEmpty() && !informational && !body && REPEATABLE.contains(asked.method())) {
            leaveBack();
            back = Optional.empty();
            rested = false;
            owner.connect(this, true);
            return;
        }
        fail(Refusal.broken(plan.target() + " broke off: " + why + "."));
    }

    /** Ends it, whoever's fault it is. */
    void fail(Refusal refusal) {
        if (over) {
            return;
        }
        end();
        leaveBack();
        if (answered.isPresent() || informational && toldInterim()) {
            owner.broken(this, refusal);
        } else {
            owner.refused(this, refusal);
        }
    }

    /** What its end brings is nobody's any more. */
    private void leaveBack() {
        back.ifPresent(channel -> {
            channel.pipeline().get(HttpBack.class).rest();
            channel.close();
        });
    }

    private void end() {
        over = true;
        watch.ifPresent(scheduled -> scheduled.cancel(false));
    }

    /** Nothing moves: neither the upstream nor the guest may hold a connection for ever. */
    private void watch() {
        watch.ifPresent(scheduled -> scheduled.cancel(false));
        Duration most = owner.guestEnded() ? closing : stall;
        long left = most.toNanos() - (System.nanoTime() - progress);
        if (left > 0) {
            watch = Optional.of(front.eventLoop().schedule(this::watch, Math.min(left, TimeUnit.SECONDS.toNanos(5)) + 1, TimeUnit.NANOSECONDS));
        } else if (owner.guestEnded()) {
            fail(SessionWay.LEFT);
        } else {
            fail(Refusal.late("Nothing came from or went to " + plan.target() + " for " + stall.toMillis() + " ms: responseTimeout of <"
                    + EgressSettings.ELEMENT + "> in server.xml."));
        }
    }
}

package dev.agentruntime.egress;

import dev.agentruntime.net.Permit;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Connections of one session to upstreams that rest between requests. Used on the session's loop only. */
final class BackPool {

    /** Less than servers wait, which end connections without a word. */
    private static final Duration REST = Duration.ofSeconds(10);
    private static final int MOST_OF_ONE = 8;
    private static final int MOST = 32;

    /** What makes two connections the same. */
    record Key(Upstream upstream, Permit permit, Route route) {}

    /** One rest of a channel, which may have many. */
    private final class Resting {
        private final Key key;
        private final Channel channel;
        private final ScheduledFuture<?> end;

        Resting(Key key, Channel channel) {
            this.key = key;
            this.channel = channel;
            this.end = channel.eventLoop().schedule(() -> {
                resting.remove(this);
                channel.close();
            }, REST.toMillis(), TimeUnit.MILLISECONDS);
        }

        /** What would end it is forgotten: of requests that follow each other quickly there would be thousands. */
        void over() {
            end.cancel(false);
        }
    }

    private final IntSupplier connections;
    /** The one that came last is the last. */
    private final Deque<Resting> resting = new ArrayDeque<>();

    /** @param connections how many the session may have */
    BackPool(IntSupplier connections) {
        this.connections = connections;
    }

    Optional<Channel> take(Key key) {
        for (Iterator<Resting> latest = resting.descendingIterator(); latest.hasNext();) {
            Resting rest = latest.next();
            if (rest.key.equals(key)) {
                latest.remove();
                rest.over();
                if (rest.channel.isActive()) {
                    return Optional.of(rest.channel);
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The connection that has rested longest makes room. One on which more has come than was asked for does not rest: a request that
     * waits already, in a pipeline, would get it for its answer.
     */
    void give(Key key, Channel channel) {
        channel.pipeline().get(HttpBack.class).rest();
        resting.removeIf(rest -> !rest.channel.isActive());
        if (!channel.isActive() || HttpEnds.hasMore(channel.pipeline())
                || resting.stream().filter(rest -> rest.key.equals(key)).count() >= MOST_OF_ONE) {
            channel.close();
            return;
        }
        resting.addLast(new Resting(key, channel));
        while (resting.size() > Math.min(MOST, connections.getAsInt())) {
            closeFirst();
        }
        // So that its end is noticed.
        channel.read();
    }

    private void closeFirst() {
        Resting first = resting.removeFirst();
        first.over();
        first.channel.close();
    }

    void close() {
        while (!resting.isEmpty()) {
            closeFirst();
        }
    }
}

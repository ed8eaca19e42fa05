package dev.agentruntime.egress;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Connections of one session to upstreams that rest between requests. Used on the session's loop only. */
final class BackPool {

    /** Less than servers wait, which end connections without a word. */
    private static final Duration REST = Duration.ofSeconds(10);
    private static final int MOST = 8;

    /** What makes two connections the same. */
    record Key(Upstream upstream, Permit permit, boolean asksProxy) {}

    /** One rest of a channel, which may have many. */
    private record Resting(Channel channel) {}

    private final Map<Key, Deque<Resting>> resting = new HashMap<>();

    Optional<Channel> take(Key key) {
        Deque<Resting> channels = resting.getOrDefault(key, new ArrayDeque<>());
        for (Resting rest = channels.pollLast(); rest != null; rest = channels.pollLast()) {
            if (rest.channel().isActive()) {
                return Optional.of(rest.channel());
            }
        }
        return Optional.empty();
    }

    void give(Key key, Channel channel) {
        channel.pipeline().get(HttpBack.class).rest();
        Deque<Resting> channels = resting.computeIfAbsent(key, unknown -> new ArrayDeque<>());
        if (!channel.isActive() || channels.size() >= MOST) {
            channel.close();
            return;
        }
        Resting rest = new Resting(channel);
        channels.addLast(rest);
        // So that its end is noticed.
        channel.read();
        channel.eventLoop().schedule(() -> {
            if (channels.removeIf(other -> other == rest)) {
                channel.close();
            }
        }, REST.toMillis(), TimeUnit.MILLISECONDS);
    }

    void close() {
        resting.values().forEach(channels -> channels.forEach(rest -> rest.channel().close()));
        resting.clear();
    }
}

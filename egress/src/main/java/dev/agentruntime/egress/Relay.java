package dev.agentruntime.egress;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Passes bytes from one channel to another as they are and reads no faster than the other side takes them. Where a side has ended, the
 * other may go on for as long as it has something to say.
 */
final class Relay extends ChannelInboundHandlerAdapter {

    /** Told once when both directions are over. */
    interface End {
        void over(Optional<Throwable> failure);
    }

    private final Channel to;
    private final Duration closing;
    private final End end;
    private boolean ended;
    private boolean moved;
    private Optional<ScheduledFuture<?>> watch = Optional.empty();

    Relay(Channel to, Duration closing, End end) {
        this.to = to;
        this.closing = closing;
        this.end = end;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        moved = true;
        to.writeAndFlush(message).addListener(written -> {
            if (written.isSuccess()) {
                context.read();
            } else {
                over(context, Optional.of(written.cause()));
            }
        });
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof ChannelInputShutdownEvent) || ended) {
            return;
        }
        ended = true;
        DuplexChannel duplex = (DuplexChannel) to;
        if (duplex.isInputShutdown()) {
            duplex.shutdownOutput().addListener(shut -> over(context, Optional.empty()));
            return;
        }
        // What was read before has been written: reading waits for it.
        duplex.shutdownOutput();
        Relay other = to.pipeline().get(Relay.class);
        if (other != null) {
            other.watch();
        }
    }

    /** From now on this direction ends when nothing passes for a while; the one whose bytes it carries may not be there any more. */
    private void watch() {
        moved = false;
        watch = Optional.of(to.eventLoop().schedule(() -> {
            if (moved) {
                watch();
            } else {
                to.close();
            }
        }, closing.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        over(context, Optional.empty());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        over(context, Optional.of(cause));
    }

    private void over(ChannelHandlerContext context, Optional<Throwable> failure) {
        watch.ifPresent(scheduled -> scheduled.cancel(false));
        context.close();
        to.close();
        end.over(failure);
    }
}

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

    /** Told when both directions are over, before they are closed. What is told first counts: an end brings others. */
    interface End {
        void whole();

        /** It broke off at {@code side}. */
        void broke(Channel side, Throwable cause);

        /** One side had ended, and nothing passed any more. */
        void late();
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
                end.broke(to, written.cause());
                close(context.channel());
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
            duplex.shutdownOutput().addListener(shut -> {
                end.whole();
                close(context.channel());
            });
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
                end.late();
                to.close();
            }
        }, closing.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end.whole();
        close(context.channel());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end.broke(context.channel(), cause);
        close(context.channel());
    }

    private void close(Channel from) {
        watch.ifPresent(scheduled -> scheduled.cancel(false));
        from.close();
        to.close();
    }
}

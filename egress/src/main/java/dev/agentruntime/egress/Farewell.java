package dev.agentruntime.egress;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection so that its last bytes arrive: closing a stream that the other side has not ended resets it, and a reset overtakes
 * bytes. What the other side still sends is thrown away.
 */
final class Farewell extends ChannelInboundHandlerAdapter {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Farewell() {}

    /** What was written before is flushed first. */
    static void bid(Channel channel) {
        channel.writeAndFlush(channel.alloc().buffer(0)).addListener(flushed -> {
            if (!flushed.isSuccess() || !(channel instanceof DuplexChannel duplex) || duplex.isInputShutdown()) {
                end(channel);
                return;
            }
            channel.pipeline().addFirst(new Farewell());
            duplex.shutdownOutput();
            channel.read();
            channel.eventLoop().schedule(() -> channel.close(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    private static void end(Channel channel) {
        if (channel instanceof DuplexChannel duplex && !duplex.isOutputShutdown()) {
            duplex.shutdownOutput().addListener(ended -> channel.close());
        } else {
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
        context.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}

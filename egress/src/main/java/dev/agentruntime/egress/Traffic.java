package dev.agentruntime.egress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.TimeUnit;

/**
 * Stands next to a guest's stream: counts its bytes, keeps them within the session's limits and holds reading back while the session
 * has moved more than its pace allows.
 */
final class Traffic extends ChannelDuplexHandler {

    /** For so long a guest that has sent bytes is taken to wait for an answer. */
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(1);

    private final Quota quota;
    private volatile long out;
    private volatile long in;
    private volatile long asked;
    private volatile boolean answered = true;
    private boolean over;

    Traffic(Quota quota) {
        this.quota = quota;
    }

    /** From the guest, so far. */
    long out() {
        return out;
    }

    /** To the guest, so far. */
    long in() {
        return in;
    }

    /** Whether the last bytes came from the guest, not long ago. */
    boolean waits() {
        return !answered && System.nanoTime() - asked < PATIENCE;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        int count = ((ByteBuf) message).readableBytes();
        out = out + count;
        asked = System.nanoTime();
        answered = false;
        context.fireChannelRead(message);
        spend(context, count);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        int count = message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
        in = in + count;
        answered = true;
        context.write(message, promise);
        spend(context, count);
    }

    private void spend(ChannelHandlerContext context, int count) {
        quota.spend(count).filter(limit -> !over).ifPresent(limit -> {
            over = true;
            context.executor().execute(() -> context.fireExceptionCaught(limit.exception()));
        });
    }

    @Override
    public void read(ChannelHandlerContext context) {
        paced(context, quota);
    }

    private static void paced(ChannelHandlerContext context, Quota quota) {
        long rest = quota.restNanos();
        if (rest > 0) {
            context.executor().schedule(context::read, rest, TimeUnit.NANOSECONDS);
        } else {
            context.read();
        }
    }

    /** Stands next to the socket on the other side, which is read no faster either. */
    static final class Pace extends ChannelDuplexHandler {

        private final Quota quota;

        Pace(Quota quota) {
            this.quota = quota;
        }

        @Override
        public void read(ChannelHandlerContext context) {
            paced(context, quota);
        }
    }
}

package dev.agentruntime.egress;

import dev.agentruntime.api.GuestStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.DefaultChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A guest's stream as a channel of Netty's. It reads when it is asked to and not otherwise, writes as the guest takes it, and lets each
 * side end by itself.
 */
final class GuestChannel extends AbstractChannel implements DuplexChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false);
    private static final int READ_BYTES = 16 * 1024;
    /** A stream tells of its end when it is read; one that waits for its upstream is not. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final GuestStream stream;
    private final ChannelConfig config;
    private boolean open = true;
    private boolean reading;
    private boolean waitsToWrite;
    private boolean inputEnded;
    private boolean outputEnded;
    private Optional<ScheduledFuture<?>> looks = Optional.empty();

    GuestChannel(GuestStream stream) {
        super(null);
        this.stream = stream;
        this.config = new DefaultChannelConfig(this);
        this.config.setAutoRead(false);
    }

    @Override
    protected void doBeginRead() {
        if (!reading && !inputEnded) {
            reading = true;
            later(this::readNow);
        }
    }

    private void readNow() {
        if (!open || !reading) {
            return;
        }
        ByteBuf bytes = alloc().heapBuffer(READ_BYTES);
        int count;
        try {
            ByteBuffer target = bytes.nioBuffer(0, READ_BYTES);
            count = stream.read(target);
        } catch (IOException e) {
            bytes.release();
            reading = false;
            failed(e);
            return;
        }
        if (count > 0) {
            reading = false;
            pipeline().fireChannelRead(bytes.writerIndex(count));
            pipeline().fireChannelReadComplete();
            return;
        }
        bytes.release();
        if (count == 0) {
            stream.onReadable(() -> later(this::readNow));
        } else {
            reading = false;
            inputEnded = true;
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            pipeline().fireChannelReadComplete();
        }
    }

    private void failed(IOException failure) {
        pipeline().fireExceptionCaught(failure);
        unsafe().close(voidPromise());
    }

    @Override
    protected void doRegister() {
        looks = Optional.of(eventLoop().scheduleWithFixedDelay(this::isThere, BETWEEN_LOOKS.toMillis(), BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Whether the guest still has this stream, as far as the host knows. On the loop only; one that is gone is closed. */
    boolean isThere() {
        if (open) {
            try {
                stream.read(NOTHING.duplicate());
            } catch (IOException e) {
                failed(e);
            }
        }
        return open;
    }

    /** A loop that has ended has closed the channel too. */
    private void later(Runnable work) {
        try {
            eventLoop().execute(work);
        } catch (RejectedExecutionException loopEnded) {
            stream.close();
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        for (Object message = in.current(); message != null; message = in.current()) {
            ByteBuf bytes = (ByteBuf) message;
            if (bytes.isReadable()) {
                int count = stream.write(bytes.nioBuffer());
                if (count == 0) {
                    waitsToWrite = true;
                    stream.onWritable(() -> later(this::writeAgain));
                    return;
                }
                in.progress(count);
                bytes.skipBytes(count);
            }
            if (!bytes.isReadable()) {
                in.remove();
            }
        }
    }

    private void writeAgain() {
        waitsToWrite = false;
        if (open) {
            ((GuestUnsafe) unsafe()).flush0();
        }
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            return message;
        }
        throw new UnsupportedOperationException("A guest's stream takes bytes, not " + message.getClass().getName());
    }

    @Override
    protected void doShutdownOutput() {
        outputEnded = true;
        stream.shutdownOutput();
    }

    @Override
    protected void doClose() {
        open = false;
        looks.ifPresent(scheduled -> scheduled.cancel(false));
        stream.close();
    }

    private final class GuestUnsafe extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            promise.setFailure(new UnsupportedOperationException("A guest's stream is connected from its beginning."));
        }

        @Override
        protected void flush0() {
            if (!waitsToWrite) {
                super.flush0();
            }
        }
    }

    /** A guest may leave before anybody has taken its stream; Netty would write that to the log each time. */
    @Override
    protected DefaultChannelPipeline newChannelPipeline() {
        return new DefaultChannelPipeline(this) {
            @Override
            protected void onUnhandledInboundException(Throwable cause) {
                ReferenceCountUtil.release(cause);
            }
        };
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new GuestUnsafe();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return null;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return null;
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("A guest's stream has no address.");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isInputShutdown() {
        return inputEnded || !open;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputEnded || !open;
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        ((GuestUnsafe) unsafe()).shutdownOutput(promise);
        return promise;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        return promise.setFailure(new UnsupportedOperationException("A guest ends its side itself."));
    }

    @Override
    public ChannelFuture shutdown() {
        return close();
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        return close(promise);
    }
}

package dev.agentruntime.invocation;

import dev.agentruntime.api.GuestStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/** Lets Jetty speak HTTP over a guest's byte stream. The stream's own threads only hand over to {@code executor}. */
final class GuestEndPoint extends AbstractEndPoint {

    private static final SocketAddress NOWHERE = InetSocketAddress.createUnresolved("guest", 8080);

    private final GuestStream stream;
    private final Executor executor;

    GuestEndPoint(GuestStream stream, Scheduler scheduler, Executor executor) {
        super(scheduler);
        this.stream = stream;
        this.executor = executor;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        if (isInputShutdown()) {
            return -1;
        }
        int position = BufferUtil.flipToFill(buffer);
        int read;
        try {
            read = stream.read(buffer);
        } finally {
            BufferUtil.flipToFlush(buffer, position);
        }
        if (read > 0) {
            notIdle();
        } else if (read < 0) {
            shutdownInput();
        }
        return read;
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        if (isOutputShutdown()) {
            throw new EofException("The stream to the agent is closed");
        }
        for (ByteBuffer buffer : buffers) {
            while (buffer.hasRemaining()) {
                if (stream.write(buffer) == 0) {
                    return false;
                }
                notIdle();
            }
        }
        return true;
    }

    @Override
    protected void needsFillInterest() {
        stream.onReadable(() -> executor.execute(() -> getFillInterest().fillable()));
    }

    @Override
    protected void onIncompleteFlush() {
        stream.onWritable(() -> executor.execute(() -> getWriteFlusher().completeWrite()));
    }

    @Override
    protected void doShutdownOutput() {
        stream.shutdownOutput();
    }

    @Override
    protected void doClose() {
        stream.close();
    }

    @Override
    public Object getTransport() {
        return stream;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return NOWHERE;
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return NOWHERE;
    }
}

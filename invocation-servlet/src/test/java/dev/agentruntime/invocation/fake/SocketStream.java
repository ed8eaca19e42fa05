package dev.agentruntime.invocation.fake;

import dev.agentruntime.api.GuestStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;

/** A guest's stream that leads to a port of this machine instead. */
public final class SocketStream implements GuestStream {

    /** Watches all streams' sockets on one thread. */
    private static final class Loop extends Thread {
        private final Selector selector;
        private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

        Loop() {
            super("fake-guest-streams");
            setDaemon(true);
            try {
                selector = Selector.open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            start();
        }

        void submit(Runnable task) {
            tasks.add(task);
            selector.wakeup();
        }

        @Override
        public void run() {
            try {
                while (true) {
                    selector.select(SocketStream::fire);
                    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                        task.run();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final Loop LOOP = new Loop();

    private final SocketChannel channel;
    private final Map<Integer, Runnable> callbacks = new ConcurrentHashMap<>();

    public SocketStream(int port) {
        try {
            channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            channel.configureBlocking(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return channel.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return channel.write(source);
    }

    @Override
    public void onReadable(Runnable callback) {
        watch(SelectionKey.OP_READ, callback);
    }

    @Override
    public void onWritable(Runnable callback) {
        watch(SelectionKey.OP_WRITE, callback);
    }

    private void watch(int operation, Runnable callback) {
        callbacks.put(operation, callback);
        LOOP.submit(() -> {
            try {
                SelectionKey key = channel.keyFor(LOOP.selector);
                if (key == null) {
                    channel.register(LOOP.selector, operation, this);
                } else {
                    key.interestOpsOr(operation);
                }
            } catch (ClosedChannelException | CancelledKeyException closed) {
                run(operation);
            }
        });
    }

    private static void fire(SelectionKey key) {
        SocketStream stream = (SocketStream) key.attachment();
        int ready;
        try {
            ready = key.readyOps();
            key.interestOpsAnd(~ready);
        } catch (CancelledKeyException closed) {
            ready = SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        }
        for (int operation : new int[] {SelectionKey.OP_READ, SelectionKey.OP_WRITE}) {
            if ((ready & operation) != 0) {
                stream.run(operation);
            }
        }
    }

    private void run(int operation) {
        Runnable callback = callbacks.remove(operation);
        if (callback != null) {
            try {
                callback.run();
            } catch (RejectedExecutionException clientClosed) {
                // Other clients' streams are on this thread, too.
            }
        }
    }

    @Override
    public void shutdownOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException gone) {
            // The next read says so.
        }
    }

    /** The guest or its link is gone. */
    public void reset() {
        close();
        LOOP.submit(() -> {
            run(SelectionKey.OP_READ);
            run(SelectionKey.OP_WRITE);
        });
    }

    @Override
    public void close() {
        try {
            channel.close();
            // A registered channel keeps its socket open until its selector turns.
            LOOP.selector.wakeup();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

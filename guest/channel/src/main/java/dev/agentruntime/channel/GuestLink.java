package dev.agentruntime.channel;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * The guest's end of the channel, over the virtio port. It serves one host after the other: each hello begins a new
 * epoch and resets the streams of the one before.
 */
public final class GuestLink implements AutoCloseable {

    private static final Logger LOG = System.getLogger(GuestLink.class.getName());

    /** The port has no connection to wait for: without a host every read returns at once. */
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration IDLE_PAUSE = Duration.ofMillis(200);
    private static final int BUFFER = 128 * 1024;

    private final ReadableByteChannel in;
    private final WritableByteChannel out;
    private final StreamHandler handler;
    private final Duration idlePause;
    private final GuestEpochs epochs;
    private final Semaphore outputWaits = new Semaphore(0);
    private volatile boolean closing;
    private volatile boolean called;
    private Thread reader = Thread.currentThread();

    private GuestLink(ReadableByteChannel in, WritableByteChannel out, Executor tasks, StreamHandler handler, Limits limits,
            Duration idlePause) {
        this.in = in;
        this.out = out;
        this.handler = handler;
        this.idlePause = idlePause;
        this.epochs = new GuestEpochs(limits, tasks, this::accept, outputWaits::release);
    }

    /**
     * Starts two daemon threads that serve the port until {@link #close()}. Does not block.
     *
     * @param port opened once, for reading and writing; closed with this link
     * @param tasks runs one task for each stream, and the callbacks of streams; must not be bounded below the number of
     *        streams
     */
    public static GuestLink serve(RandomAccessFile port, Executor tasks, StreamHandler handler) throws IOException {
        // Two channels on one descriptor: a single one would make writing wait for reading.
        return serve(new FileInputStream(port.getFD()).getChannel(), new FileOutputStream(port.getFD()).getChannel(),
                tasks, handler);
    }

    /** As {@link #serve(RandomAccessFile, Executor, StreamHandler)}, over any pair of blocking channels. */
    public static GuestLink serve(ReadableByteChannel in, WritableByteChannel out, Executor tasks, StreamHandler handler) {
        GuestLink link = new GuestLink(in, out, tasks, handler, Limits.GUEST, PAUSE);
        link.start("agent-channel");
        return link;
    }

    /**
     * The guest's end of the way out, whose streams the guest opens and the host never. Starts two daemon threads. While no
     * host has been called for, they wait for one without haste.
     *
     * @param tasks runs the callbacks of streams
     */
    public static GuestLink wayOut(ReadableByteChannel in, WritableByteChannel out, Executor tasks) {
        GuestLink link = new GuestLink(in, out, tasks, (stream, target) -> stream.close(), Limits.OUT_OF_GUEST, IDLE_PAUSE);
        link.start("agent-way-out");
        return link;
    }

    /** As {@link #wayOut(ReadableByteChannel, WritableByteChannel, Executor)}, over a virtio port that is closed with this link. */
    public static GuestLink wayOut(RandomAccessFile port, Executor tasks) throws IOException {
        return wayOut(new FileInputStream(port.getFD()).getChannel(), new FileOutputStream(port.getFD()).getChannel(), tasks);
    }

    /** Whether a host is there. Does not block. */
    public boolean isUp() {
        return epochs.isUp();
    }

    /** A host was called and will come at any moment: looks for it often until it has come. Does not block. */
    public void expectHost() {
        called = true;
        LockSupport.unpark(reader);
    }

    /**
     * Opens a stream and names its target. Does not block; a host that lets its guest open none, or no more, resets it.
     *
     * @throws IOException no host is connected, or as many streams are open as the limits allow
     */
    public MuxStream open(String target) throws IOException {
        return epochs.open(target);
    }

    /** Ends the link, resets its streams and closes the port. Idempotent. */
    @Override
    public void close() {
        closing = true;
        for (Channel channel : List.of(in, out)) {
            try {
                channel.close();
            } catch (IOException failure) {
                LOG.log(Level.WARNING, "the port did not close", failure);
            }
        }
        outputWaits.release();
    }

    private void start(String name) {
        reader = daemon(name + "-in", this::readPort);
        Thread writer = daemon(name + "-out", this::writePort);
        reader.start();
        writer.start();
    }

    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private void readPort() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        String trouble = "";
        while (!closing && in.isOpen()) {
            try {
                if (in.read(buffer.clear()) > 0) {
                    called = false;
                    epochs.receive(buffer.flip());
                    continue;
                }
                epochs.disconnected("the host has gone");
            } catch (IOException | RuntimeException failure) {
                trouble = report("reading", failure, trouble);
            }
            LockSupport.parkNanos((called ? PAUSE : idlePause).toNanos());
        }
        epochs.disconnected("the link was closed on this side");
    }

    private void writePort() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        String trouble = "";
        while (!closing && out.isOpen()) {
            outputWaits.acquireUninterruptibly();
            outputWaits.drainPermits();
            try {
                while (epochs.transmit(buffer)) {
                    while (buffer.hasRemaining()) {
                        out.write(buffer);
                    }
                }
            } catch (IOException | RuntimeException failure) {
                trouble = report("writing", failure, trouble);
            }
        }
    }

    /** Ends the epoch, of which something is now missing, and logs the same trouble only once in a row. */
    private String report(String action, Exception failure, String lastTrouble) {
        String trouble = action + " the port failed: " + failure;
        epochs.disconnected(trouble);
        if (!closing && in.isOpen() && !trouble.equals(lastTrouble)) {
            LOG.log(Level.WARNING, trouble + "; the host has to connect again", failure);
        }
        return trouble;
    }

    private void accept(MuxStream stream) {
        try {
            handler.accept(stream, TargetLine.read(stream.input()));
        } catch (IOException | RuntimeException failure) {
            LOG.log(Level.DEBUG, "a stream of the channel failed", failure);
            stream.close();
        }
    }
}

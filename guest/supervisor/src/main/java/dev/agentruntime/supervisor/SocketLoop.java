package dev.agentruntime.supervisor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One thread that serves any number of sockets. All it runs must be quick and must not block; whatever is touched only from what it
 * runs needs no lock. {@link #execute} may be called on any thread, the other methods on this one only, once it was started.
 */
final class SocketLoop implements Executor, AutoCloseable {
    private static final int BUFFER = 32 * 1024;

    /** A task that waits for its time. */
    record Alarm(long nanos, Runnable task) {
    }

    private final Selector selector = Selector.open();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(Comparator.comparingLong(Alarm::nanos));
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final Consumer<String> log;
    private final Thread thread;

    /** Starts the thread, a daemon. */
    SocketLoop(String name, Consumer<String> log) throws IOException {
        this.log = log;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != thread) {
            selector.wakeup();
        }
    }

    /** Runs {@code task} once, this much later. */
    Alarm after(Duration time, Runnable task) {
        Alarm alarm = new Alarm(System.nanoTime() + time.toNanos(), task);
        alarms.add(alarm);
        return alarm;
    }

    /** The task is not run, if it was not yet. */
    void forget(Alarm alarm) {
        alarms.remove(alarm);
    }

    /** How many tasks wait for their time. */
    int alarms() {
        return alarms.size();
    }

    /** Runs {@code ready} whenever the socket is ready for what it is interested in. */
    SelectionKey register(SelectableChannel socket, int interest, Runnable ready) throws ClosedChannelException {
        return socket.register(selector, interest, ready);
    }

    /** Empty, for whatever runs now and no longer. */
    ByteBuffer buffer() {
        return buffer.clear();
    }

    /** Lets go of sockets that were closed; until then their addresses are taken. For tasks only. */
    void letGo() throws IOException {
        selector.selectNow();
        // What is ready stays so and is served in its turn.
        selector.selectedKeys().clear();
    }

    private void run() {
        while (selector.isOpen()) {
            try {
                if (tasks.isEmpty()) {
                    selector.select(this::serve, untilAlarm());
                } else {
                    selector.selectNow(this::serve);
                }
            } catch (ClosedSelectorException closed) {
                return;
            } catch (IOException e) {
                log.accept("supervisor: waiting for sockets failed: " + e);
            }
            ring();
            for (int left = tasks.size(); left > 0; left--) {
                attempt(tasks.poll());
            }
        }
    }

    private void serve(SelectionKey key) {
        if (key.isValid()) {
            attempt((Runnable) key.attachment());
        }
    }

    /** In milliseconds; 0 for ever. */
    private long untilAlarm() {
        return alarms.isEmpty() ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(alarms.peek().nanos() - System.nanoTime()) + 1);
    }

    private void ring() {
        while (!alarms.isEmpty() && alarms.peek().nanos() - System.nanoTime() <= 0) {
            attempt(alarms.poll().task());
        }
    }

    private void attempt(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // A fault of ours with one connection is no reason to leave all others.
            log.accept("supervisor: a connection to the outside failed: " + e);
        }
    }

    @Override
    public void close() {
        try {
            selector.close();
        } catch (IOException e) {
            log.accept("supervisor: " + e);
        }
    }
}

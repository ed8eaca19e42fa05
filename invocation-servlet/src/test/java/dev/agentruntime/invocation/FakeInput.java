package dev.agentruntime.invocation;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A request's body as Liberty has it: each callback holds the lock that {@link #getCompleteLockObj} returns, and whether
 * a read is outstanding is noted after it has been begun, so that a callback may overtake the note.
 */
public class FakeInput extends ServletInputStream {

    /** Threads of the container's that are in a callback. */
    final AtomicInteger threadsHeld = new AtomicInteger();

    private final Object completeLock = new Object();
    private final ExecutorService container = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "container");
        thread.setDaemon(true);
        return thread;
    });
    private final Deque<byte[]> arrived = new ArrayDeque<>();
    private Optional<ReadListener> listener = Optional.empty();
    private Optional<IOException> failure = Optional.empty();
    private byte[] current = {};
    private int position;
    private boolean ended;
    private boolean waiting;
    private volatile boolean outstanding;

    /** The lock under which Liberty calls a listener. */
    public Object getCompleteLockObj() {
        return completeLock;
    }

    void feed(byte[] bytes) {
        synchronized (arrived) {
            arrived.add(bytes);
        }
        wake();
    }

    void end() {
        synchronized (arrived) {
            ended = true;
        }
        wake();
    }

    void fail(IOException cause) {
        synchronized (arrived) {
            failure = Optional.of(cause);
        }
        wake();
    }

    private void wake() {
        boolean call;
        synchronized (arrived) {
            call = waiting;
            waiting = false;
        }
        if (call) {
            container.execute(this::callBack);
        }
    }

    private void callBack() {
        threadsHeld.incrementAndGet();
        try {
            synchronized (completeLock) {
                outstanding = false;
                ReadListener reader = listener.orElseThrow();
                Optional<IOException> failed;
                synchronized (arrived) {
                    failed = failure;
                }
                if (failed.isPresent()) {
                    reader.onError(failed.get());
                    return;
                }
                reader.onDataAvailable();
                if (isFinished()) {
                    reader.onAllDataRead();
                }
            }
        } catch (IOException e) {
            listener.orElseThrow().onError(e);
        } finally {
            threadsHeld.decrementAndGet();
        }
    }

    @Override
    public void setReadListener(ReadListener reader) {
        listener = Optional.of(reader);
        outstanding = true;
        boolean ready;
        synchronized (arrived) {
            ready = !arrived.isEmpty() || ended || failure.isPresent();
            waiting = !ready;
        }
        if (ready) {
            container.execute(this::callBack);
        }
    }

    @Override
    public boolean isFinished() {
        synchronized (arrived) {
            return ended && arrived.isEmpty() && position == current.length;
        }
    }

    @Override
    public boolean isReady() {
        if (isFinished()) {
            return true;
        }
        if (outstanding) {
            return false;
        }
        synchronized (arrived) {
            if (position < current.length || !arrived.isEmpty()) {
                return true;
            }
            waiting = true;
            if (failure.isPresent()) {
                waiting = false;
                container.execute(this::callBack);
            }
        }
        // The note comes after the read was begun.
        Thread.yield();
        outstanding = true;
        return false;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        synchronized (arrived) {
            if (position == current.length) {
                if (arrived.isEmpty()) {
                    if (ended) {
                        return -1;
                    }
                    throw failure.orElseThrow(() -> new IllegalStateException("read although isReady returned false"));
                }
                current = arrived.remove();
                position = 0;
            }
            int read = Math.min(length, current.length - position);
            System.arraycopy(current, position, target, offset, read);
            position += read;
            return read;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }
}

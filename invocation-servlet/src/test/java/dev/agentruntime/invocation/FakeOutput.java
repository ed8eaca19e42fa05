package dev.agentruntime.invocation;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What the caller receives; it can be told to leave. */
public final class FakeOutput extends ServletOutputStream {

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private Optional<WriteListener> listener = Optional.empty();
    private boolean committed;
    private boolean left;
    private boolean full;
    private boolean waiting;
    private boolean ended;

    /** The caller closes its connection; the next write finds out. */
    synchronized void leave() {
        left = true;
    }

    /** The caller reads no more. */
    synchronized void fill() {
        full = true;
    }

    /** The caller reads again. */
    void drain() throws IOException {
        boolean call;
        synchronized (this) {
            full = false;
            call = waiting;
            waiting = false;
        }
        if (call) {
            listener.orElseThrow().onWritePossible();
        }
    }

    synchronized void end() {
        ended = true;
    }

    synchronized boolean committed() {
        return committed;
    }

    synchronized void commit() throws IOException {
        if (left) {
            throw new IOException("broken pipe");
        }
        if (ended) {
            throw new IllegalStateException("the response is over");
        }
        committed = true;
    }

    synchronized byte[] bytes() {
        return received.toByteArray();
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    @Override
    public synchronized boolean isReady() {
        waiting = full;
        return !full;
    }

    @Override
    public void setWriteListener(WriteListener writer) {
        listener = Optional.of(writer);
        Thread thread = new Thread(() -> {
            try {
                writer.onWritePossible();
            } catch (IOException e) {
                writer.onError(e);
            }
        }, "container-write");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized void write(int value) throws IOException {
        commit();
        received.write(value);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        commit();
        received.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        commit();
    }
}

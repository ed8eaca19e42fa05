package dev.agentruntime.invocation;

import dev.agentruntime.api.GuestStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A stream to an agent that is none: it answers {@link #QUESTION} and ends. Thread-safe. */
final class RehearsedAgent implements GuestStream {

    static final String QUESTION = "{}";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";

    private final StringBuilder asked = new StringBuilder();
    private final ByteBuffer answer = ByteBuffer.wrap(ANSWER.getBytes(StandardCharsets.US_ASCII));
    private Optional<Runnable> reader = Optional.empty();
    private boolean closed;

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        if (closed) {
            throw new IOException("The stream is closed");
        }
        if (!isAsked()) {
            return 0;
        }
        if (!answer.hasRemaining()) {
            return -1;
        }
        int count = Math.min(answer.remaining(), target.remaining());
        target.put(answer.slice(answer.position(), count));
        answer.position(answer.position() + count);
        return count;
    }

    private boolean isAsked() {
        return asked.indexOf("\r\n\r\n") >= 0 && asked.toString().endsWith(QUESTION);
    }

    @Override
    public void onReadable(Runnable callback) {
        synchronized (this) {
            reader = Optional.of(callback);
        }
        tell();
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int count = source.remaining();
        synchronized (this) {
            if (closed) {
                throw new IOException("The stream is closed");
            }
            asked.append(StandardCharsets.ISO_8859_1.decode(source));
        }
        tell();
        return count;
    }

    private void tell() {
        Optional<Runnable> told;
        synchronized (this) {
            told = isAsked() || closed ? reader : Optional.empty();
            reader = told.isPresent() ? Optional.empty() : reader;
        }
        told.ifPresent(Runnable::run);
    }

    @Override
    public void onWritable(Runnable callback) {
        callback.run();
    }

    @Override
    public void shutdownOutput() {
        // It answers as soon as the question is there.
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        tell();
    }
}

package dev.agentruntime.invocation;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.util.concurrent.Executor;

/** A body that was read before its request was served, as if it came now. */
final class KeptBody extends ServletInputStream {

    private final byte[] body;
    private final Executor executor;
    private int at;

    /** @param executor calls whoever wants to be called when there is something to read */
    KeptBody(byte[] body, Executor executor) {
        this.body = body;
        this.executor = executor;
    }

    @Override
    public boolean isFinished() {
        return at == body.length;
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
        executor.execute(() -> {
            try {
                listener.onDataAvailable();
                if (isFinished()) {
                    listener.onAllDataRead();
                }
            } catch (IOException | RuntimeException e) {
                listener.onError(e);
            }
        });
    }

    @Override
    public int read() {
        return isFinished() ? -1 : body[at++] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        if (isFinished()) {
            return -1;
        }
        int read = Math.min(length, body.length - at);
        System.arraycopy(body, at, buffer, offset, read);
        at += read;
        return read;
    }
}

package dev.agentruntime.client;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A body of which each read ends within a time: one that brings nothing for longer is closed, and counts as broken off. */
final class TimedStream extends FilterInputStream {

    private static final ScheduledThreadPoolExecutor WATCH = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "agent-client-watch");
        thread.setDaemon(true);
        return thread;
    });

    static {
        WATCH.setRemoveOnCancelPolicy(true);
    }

    private final Duration quiet;
    private volatile boolean late;

    TimedStream(InputStream body, Duration quiet) {
        super(body);
        this.quiet = quiet;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        ScheduledFuture<?> watch = WATCH.schedule(this::tooLate, quiet.toMillis(), TimeUnit.MILLISECONDS);
        try {
            int count = super.read(buffer, offset, length);
            if (late && count < 0) {
                throw new IOException("closed");
            }
            return count;
        } catch (IOException e) {
            if (late) {
                InterruptedIOException timeout = new InterruptedIOException("nothing came for " + quiet.toSeconds() + " s");
                timeout.initCause(e);
                throw timeout;
            }
            throw "closed".equals(e.getMessage()) ? new IOException("the server ended the connection", e) : e;
        } finally {
            watch.cancel(false);
        }
    }

    private void tooLate() {
        late = true;
        close();
    }

    /** The rest. @throws IOException it is longer, or broke off */
    byte[] all(int most) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = new byte[16 << 10];
        for (int read = read(chunk, 0, chunk.length); read >= 0; read = read(chunk, 0, chunk.length)) {
            all.write(chunk, 0, read);
            if (all.size() > most) {
                throw new IOException("it has more than " + most + " bytes");
            }
        }
        return all.toByteArray();
    }

    /** Ends the connection where the body is not at its end. */
    @Override
    public void close() {
        try {
            super.close();
        } catch (IOException e) {
            // Nothing of it is wanted any more.
        }
    }
}

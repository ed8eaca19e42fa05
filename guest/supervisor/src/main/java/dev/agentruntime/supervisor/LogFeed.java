package dev.agentruntime.supervisor;

import dev.agentruntime.channel.MuxStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Sends the log to the host, each line as it is written, on a stream that the host has opened. The host says from which number
 * on. It may be slow: what the ring no longer keeps is left out, and the numbers show it.
 */
final class LogFeed {
    private static final int LINES_AT_ONCE = 200;
    private static final int LONGEST_REQUEST = 20;

    private final LogRing log;

    LogFeed(LogRing log) {
        this.log = log;
    }

    /** Reads which line is wanted first, and sends that and what follows until the host has ended its side. */
    void serve(MuxStream stream) throws IOException {
        try (stream) {
            long first = wanted(stream.input());
            AtomicBoolean left = new AtomicBoolean();
            stream.onReadable(() -> {
                left.set(true);
                log.wake();
            });
            send(Math.max(first, log.first()), stream.output(), left::get);
            stream.shutdownOutput();
            // Closing before the host has read the last lines would reset the stream and lose them.
            stream.input().transferTo(OutputStream.nullOutputStream());
        }
    }

    private void send(long first, OutputStream out, BooleanSupplier left) throws IOException {
        out.write(("from " + first + "\n").getBytes(StandardCharsets.US_ASCII));
        LogLines lines = new LogLines();
        long next = first;
        LogRing.Batch batch;
        do {
            batch = next(next, left);
            StringBuilder text = new StringBuilder();
            for (LogRing.Line line : batch.lines()) {
                text.append(lines.encoded(line)).append('\n');
                next = line.number() + 1;
            }
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        } while (!batch.ended());
    }

    private LogRing.Batch next(long number, BooleanSupplier left) throws IOException {
        try {
            return log.await(number, LINES_AT_ONCE, left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while waiting for the next line").initCause(e);
        }
    }

    private static long wanted(InputStream in) throws IOException {
        StringBuilder number = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < '0' || c > '9' || number.length() == LONGEST_REQUEST - 2) {
                throw new IOException("the host did not say with which line the log should begin");
            }
            number.append((char) c);
        }
        return number.isEmpty() ? 0 : Long.parseLong(number.toString());
    }
}

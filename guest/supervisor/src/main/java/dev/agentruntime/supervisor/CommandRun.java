package dev.agentruntime.supervisor;

import dev.agentruntime.channel.MuxStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Runs a caller's command in the guest, in a shell, and sends what it says as it comes. The host says how long it may take and ends it by
 * ending its side of the stream.
 *
 * <p>The host writes a line with the time in milliseconds and the command's length in bytes, then the command. The guest writes pieces, each
 * a byte that says what it is, four bytes of length, and so many bytes: 1 standard output, 2 standard error, 3 the end, which is {@code exit},
 * {@code timeout} or {@code failed}, a space, and the exit code or a sentence.
 */
final class CommandRun {
    private static final int CHUNK = 16 * 1024;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int END = 3;
    private static final int LONGEST_COMMAND = 256 * 1024;
    private static final int LONGEST_LINE = 32;
    /** So long nothing more may come before what is still open counts as left behind. */
    private static final long REST_MILLIS = 1_000;

    private final ExecutorService threads;
    private final Supplier<Map<String, String>> environment;

    /** @param environment the session's */
    CommandRun(ExecutorService threads, Supplier<Map<String, String>> environment) {
        this.threads = threads;
        this.environment = environment;
    }

    /** Reads the command and runs it to its end. Blocks. */
    void serve(MuxStream stream) throws IOException {
        try (stream) {
            InputStream in = stream.input();
            String[] line = line(in).split(" ");
            long limitMillis = Long.parseLong(line[0]);
            int length = Integer.parseInt(line[1]);
            if (length < 0 || length > LONGEST_COMMAND) {
                throw new IOException("a command of " + length + " bytes");
            }
            byte[] command = in.readNBytes(length);
            if (command.length == length) {
                run(stream, new String(command, StandardCharsets.UTF_8), limitMillis);
                stream.shutdownOutput();
                // Closing before the host has read the end would reset the stream and lose it.
                in.transferTo(OutputStream.nullOutputStream());
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("the host did not say how long a command may take, and how long it is", e);
        }
    }

    private void run(MuxStream stream, String command, long limitMillis) throws IOException {
        DataOutputStream out = new DataOutputStream(stream.output());
        ProcessGroup group;
        try {
            group = ProcessGroup.start(List.of("/bin/sh", "-c", command), environment.get());
        } catch (IOException | IllegalArgumentException e) {
            send(out, END, ("failed " + e.getMessage()).getBytes(StandardCharsets.UTF_8));
            return;
        }
        AtomicBoolean ended = new AtomicBoolean();
        // The host says nothing more: this is its end, or the link's.
        stream.onReadable(() -> threads.execute(() -> {
            if (!ended.get()) {
                group.kill();
            }
        }));
        long begun = System.nanoTime();
        try {
            group.leader().getOutputStream().close();
            Pieces pieces = new Pieces(out);
            CompletableFuture<Void> output = CompletableFuture.allOf(pieces.copied(group.leader().getInputStream(), STDOUT, threads),
                    pieces.copied(group.leader().getErrorStream(), STDERR, threads));
            boolean late = !group.leader().waitFor(limitMillis, TimeUnit.MILLISECONDS);
            if (late) {
                group.kill();
            }
            int code = group.leader().waitFor();
            ended.set(true);
            pieces.settle(output, begun + TimeUnit.MILLISECONDS.toNanos(limitMillis));
            pieces.send(END, ((late ? "timeout " : "exit ") + code).getBytes(StandardCharsets.US_ASCII));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.set(true);
            close(group.leader().getInputStream());
            close(group.leader().getErrorStream());
        }
    }

    /** Sends what a command says. */
    private static final class Pieces {
        private final DataOutputStream out;
        private final AtomicInteger sending = new AtomicInteger();
        private final AtomicLong sent = new AtomicLong();

        Pieces(DataOutputStream out) {
            this.out = out;
        }

        void send(int what, byte[] bytes) throws IOException {
            sending.incrementAndGet();
            try {
                CommandRun.send(out, what, bytes);
            } finally {
                sent.incrementAndGet();
                sending.decrementAndGet();
            }
        }

        CompletableFuture<Void> copied(InputStream from, int what, Executor threads) {
            return CompletableFuture.runAsync(() -> {
                byte[] chunk = new byte[CHUNK];
                try {
                    for (int n = from.read(chunk); n >= 0; n = from.read(chunk)) {
                        send(what, Arrays.copyOf(chunk, n));
                    }
                } catch (IOException over) {
                    // The host has left, or the pipe was closed: there is nobody who could be told.
                }
            }, threads);
        }

        /** Waits for what is under way when the command has ended; what it has started may keep its pipes open for ever. */
        void settle(CompletableFuture<Void> output, long limitNanos) throws InterruptedException {
            boolean more = true;
            while (more) {
                long before = sent.get();
                try {
                    output.get(REST_MILLIS, TimeUnit.MILLISECONDS);
                    more = false;
                } catch (TimeoutException open) {
                    more = sending.get() > 0 || sent.get() > before && System.nanoTime() - limitNanos < 0;
                } catch (ExecutionException e) {
                    more = false; // nothing in there throws but errors, which the JVM reports
                }
            }
        }
    }

    private static void send(DataOutputStream out, int what, byte[] bytes) throws IOException {
        synchronized (out) {
            out.writeByte(what);
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    private static void close(InputStream pipe) {
        try {
            pipe.close();
        } catch (IOException alreadyClosed) {
            // It was to be closed.
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() == LONGEST_LINE) {
                throw new IOException("the host did not send a command");
            }
            line.append((char) c);
        }
        return line.toString();
    }
}

package dev.agentruntime.client;

import jakarta.json.Json;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** A shell on a terminal in a session's VM. Closed, it stays there for the next who asks for its id. Thread-safe. */
public final class Shell implements AutoCloseable {

    /** Of one message, with its channel. */
    static final int MOST_BYTES = 65_536;
    private static final long SEND_SECONDS = 30;
    private static final int TYPED = 0;
    private static final int RESIZED = 4;
    private static final int ENDED = 255;

    private final WebSocket socket;
    private final Sending sending;
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "agent-shell-heart");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param sending that of the reader
     * @param reader  the socket's listener
     * @param beat    how often it looks whether the server is still there
     */
    Shell(WebSocket socket, Sending sending, ShellReader reader, Duration beat) {
        this.socket = socket;
        this.sending = sending;
        heart.scheduleWithFixedDelay(() -> reader.beat(socket), beat.toMillis(), beat.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What is typed. Blocks while the server does not take it. */
    public void type(byte[] bytes, int offset, int length) {
        for (int at = offset; at < offset + length; at += MOST_BYTES - 1) {
            send(TYPED, bytes, at, Math.min(MOST_BYTES - 1, offset + length - at));
        }
    }

    public void resize(int width, int height) {
        byte[] size = Json.createObjectBuilder().add("width", width).add("height", height).build().toString().getBytes(StandardCharsets.US_ASCII);
        send(RESIZED, size, 0, size.length);
    }

    /** Ends the shell for good, with all that runs in it. */
    public void end() {
        send(ENDED, new byte[0], 0, 0);
    }

    private void send(int channel, byte[] bytes, int offset, int length) {
        ByteBuffer message = ByteBuffer.allocate(length + 1).put((byte) channel).put(bytes, offset, length).flip();
        try {
            sending.send(socket, message).get(SEND_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new BrokenOffException("The shell's connection is gone", e);
        }
    }

    /** Leaves the shell as it is. */
    @Override
    public void close() {
        heart.shutdownNow();
        try {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | CompletionException e) {
            // The connection is gone already.
        }
        socket.abort();
    }

    /** Sends one message after another: the JDK's WebSocket refuses one that comes before the last is sent. Thread-safe. */
    static final class Sending {

        private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

        /** Does not block; fails where this message does, whatever became of those before. */
        synchronized CompletableFuture<?> send(WebSocket socket, ByteBuffer message) {
            last = last.handle((sent, failure) -> socket.sendBinary(message, true)).thenCompose(Function.identity());
            return last;
        }
    }
}

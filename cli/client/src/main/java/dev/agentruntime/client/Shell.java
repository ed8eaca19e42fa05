package dev.agentruntime.client;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** A shell on a terminal in a session's VM. Closed, it stays there for the next who asks for its id. Thread-safe. */
public final class Shell implements AutoCloseable {

    /** Of one message, with its channel. */
    private static final int MOST_BYTES = 65_536;
    private static final long SEND_SECONDS = 30;
    private static final int TYPED = 0;
    private static final int SHOWN = 1;
    private static final int STATUS = 3;
    private static final int RESIZED = 4;
    private static final int ALIVE = 5;
    private static final int ENDED = 255;

    private final WebSocket socket;
    private final Sending sending;

    /** @param sending that of the socket's {@link Reader} */
    Shell(WebSocket socket, Sending sending) {
        this.socket = socket;
        this.sending = sending;
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

    /** Puts frames together to messages, and tells the listener. */
    static final class Reader implements WebSocket.Listener {

        private final ShellListener listener;
        private final Sending sending;
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();
        private CompletableFuture<?> answered = CompletableFuture.completedFuture(null);
        private boolean over;

        Reader(ShellListener listener, Sending sending) {
            this.listener = listener;
            this.sending = sending;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            message.writeBytes(bytes);
            if (message.size() > 16 * MOST_BYTES) {
                socket.abort();
                disconnected("The server sent a message that is too large");
            } else if (last) {
                byte[] whole = message.toByteArray();
                message.reset();
                take(socket, whole);
            }
            socket.request(1);
            return null;
        }

        private void take(WebSocket socket, byte[] message) {
            if (message.length == 0) {
                return;
            }
            switch (message[0] & 0xff) {
                case SHOWN -> {
                    byte[] shown = new byte[message.length - 1];
                    System.arraycopy(message, 1, shown, 0, shown.length);
                    listener.output(shown);
                }
                case STATUS -> status(message);
                case ALIVE -> alive(socket);
                default -> { } // of a newer server
            }
        }

        /** One answer waits at most, however many signs come. */
        private void alive(WebSocket socket) {
            if (answered.isDone()) {
                answered = sending.send(socket, ByteBuffer.wrap(new byte[] {ALIVE}));
            }
        }

        private void status(byte[] message) {
            try (JsonReader reader = Json.createReader(new ByteArrayInputStream(message, 1, message.length - 1))) {
                JsonObject json = reader.readObject();
                JsonObject metadata = json.get("metadata") instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
                if (metadata.containsKey("shellId")) {
                    listener.connected(metadata.getString("shellId"), metadata.getBoolean("reconnected", false),
                            metadata.containsKey("bytesDropped") ? metadata.getJsonNumber("bytesDropped").longValue() : 0);
                } else {
                    int code = json.getString("status", "").equals("Success") ? 0 : exitCode(json);
                    over = true;
                    listener.exited(code);
                }
            } catch (RuntimeException e) {
                disconnected("The server sent a status that cannot be read: " + e.getMessage());
            }
        }

        /** As Kubernetes tells it: a cause whose reason is {@code ExitCode}. */
        private static int exitCode(JsonObject status) {
            JsonObject details = status.get("details") instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
            JsonArray causes = details.get("causes") instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY;
            return causes.getValuesAs(JsonObject.class).stream().filter(cause -> cause.getString("reason", "").equals("ExitCode"))
                    .map(cause -> Integer.parseInt(cause.getString("message", "1"))).findFirst().orElse(1);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            disconnected(code == 4000 ? "Somebody else has taken the shell over"
                    : "The server closed the connection" + (reason.isEmpty() ? " (" + code + ")" : ": " + reason));
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            disconnected("The connection broke off: " + (error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage()));
        }

        private void disconnected(String why) {
            if (!over) {
                over = true;
                listener.disconnected(why);
            }
        }
    }
}

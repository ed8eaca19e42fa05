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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/** Puts a shell's frames together to messages, and tells the listener, once of the end. Thread-safe. */
final class ShellReader implements WebSocket.Listener {

    private static final int SHOWN = 1;
    private static final int STATUS = 3;
    private static final int ALIVE = 5;
    private static final int TAKEN_OVER = 4000;
    /** Nobody has sent it. */
    private static final int BROKEN_OFF = 1006;
    private static final String BROKE_OFF = "The connection broke off";
    /** Beats without a word of the server, after which it is gone. */
    static final int SILENT_BEATS = 12;

    private final ShellListener listener;
    private final Shell.Sending sending;
    private final ReentrantLock turn = new ReentrantLock();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private CompletableFuture<?> answered = CompletableFuture.completedFuture(null);
    private CompletableFuture<?> ping = CompletableFuture.completedFuture(null);
    private int silentBeats;
    private boolean over;

    ShellReader(ShellListener listener, Shell.Sending sending) {
        this.listener = listener;
        this.sending = sending;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        return heard(socket, () -> {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            message.writeBytes(bytes);
            if (message.size() > 16 * Shell.MOST_BYTES) {
                socket.abort();
                disconnected("The server sent a message that is too large");
            } else if (last) {
                byte[] whole = message.toByteArray();
                message.reset();
                take(socket, whole);
            }
        });
    }

    @Override
    public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
        return heard(socket, () -> { });
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
        return heard(socket, () -> { });
    }

    private CompletionStage<?> heard(WebSocket socket, Runnable what) {
        turn.lock();
        try {
            what.run();
            silentBeats = 0;
        } finally {
            turn.unlock();
        }
        socket.request(1);
        return null;
    }

    /**
     * Looks whether the server is still there. The JDK's WebSocket says nothing of a connection that ends while its listener has a message,
     * and nobody does of a host that has vanished: a ping that cannot be sent tells the one, and silence the other.
     */
    void beat(WebSocket socket) {
        if (!turn.tryLock()) {
            return; // the listener has a message
        }
        try {
            if (ping.isDone() && !over) {
                ping = socket.sendPing(ByteBuffer.allocate(0));
            }
            silentBeats++;
            if (ping.isCompletedExceptionally()) {
                disconnected(BROKE_OFF);
            } else if (silentBeats > SILENT_BEATS) {
                disconnected("The server does not answer any more");
            }
        } finally {
            turn.unlock();
        }
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
        ended(switch (code) {
            case BROKEN_OFF -> BROKE_OFF;
            case TAKEN_OVER -> "Somebody else has taken the shell over";
            default -> "The server closed the connection" + (reason.isEmpty() ? " (" + code + ")" : ": " + reason);
        });
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        ended(BROKE_OFF + ": " + (error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage()));
    }

    private void ended(String why) {
        turn.lock();
        try {
            disconnected(why);
        } finally {
            turn.unlock();
        }
    }

    private void disconnected(String why) {
        if (!over) {
            over = true;
            listener.disconnected(why);
        }
    }
}

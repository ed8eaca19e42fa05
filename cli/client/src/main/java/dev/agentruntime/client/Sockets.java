package dev.agentruntime.client;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Opens WebSockets. */
final class Sockets {

    private Sockets() {}

    static Shell shell(Transport transport, Call call, ShellListener listener, Duration beat) {
        URI address = transport.address(call.target());
        WebSocket.Builder builder = transport.http().newWebSocketBuilder().connectTimeout(call.within());
        transport.header(call, address).forEach(builder::header);
        URI socket = URI.create("ws" + address.toString().substring("http".length()));
        Shell.Sending sending = new Shell.Sending();
        ShellReader reader = new ShellReader(listener, sending);
        CompletableFuture<WebSocket> opening = builder.buildAsync(socket, reader);
        try {
            return new Shell(opening.get(call.within().toMillis(), TimeUnit.MILLISECONDS), sending, reader, beat);
        } catch (InterruptedException e) {
            opening.cancel(true);
            Thread.currentThread().interrupt();
            throw new BrokenOffException("Interrupted before the shell was there", e);
        } catch (TimeoutException e) {
            opening.cancel(true);
            throw new UnreachableException("No shell within " + call.within().toSeconds() + " s", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                throw refusal(refused.getResponse());
            }
            throw transport.failure(call, e.getCause());
        }
    }

    private static RefusedException refusal(HttpResponse<?> response) {
        Map<String, String> header = new LinkedHashMap<>();
        response.headers().map().forEach((name, values) -> header.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        return new RefusedException(response.statusCode(), header, body(response));
    }

    /** The JDK's client may not have read it. */
    private static JsonObject body(HttpResponse<?> response) {
        if (response.body() instanceof String text && !text.isEmpty()) {
            try (JsonReader reader = Json.createReader(new StringReader(text))) {
                return reader.readObject();
            } catch (RuntimeException noJson) {
                // The status has to do.
            }
        }
        return Json.createObjectBuilder().add("message", "The server answered " + response.statusCode() + " to the shell's WebSocket").build();
    }
}

package dev.agentruntime.invocation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** An agent that does what the custom header {@code …-Custom-Do} says; otherwise it echoes the request. */
final class TestAgent implements AutoCloseable {

    static final String DO = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Do";

    /** The head of the last request. */
    final AtomicReference<com.sun.net.httpserver.Headers> seen = new AtomicReference<>();
    /** Events of streams that were written so far. */
    final AtomicInteger eventsWritten = new AtomicInteger();
    /** Streams that found their connection cut. */
    final AtomicInteger streamsCut = new AtomicInteger();
    /** Bodies received, in bytes. */
    final AtomicReference<Long> received = new AtomicReference<>(0L);
    /** Lets silent streams end. */
    final CountDownLatch silence = new CountDownLatch(1);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    TestAgent() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.setExecutor(threads);
        server.createContext("/invocations", this::serve);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        seen.set(exchange.getRequestHeaders());
        String[] order = (exchange.getRequestHeaders().getFirst(DO) + " ").split(" ");
        if (order[0].equals("cut-late")) {
            cutLate(exchange);
        }
        try (exchange) {
            switch (order[0]) {
                case "stream" -> stream(exchange, Integer.parseInt(order[1]), Integer.parseInt(order[2]));
                case "silent" -> silent(exchange);
                case "fail" -> answer(exchange, 500, "{\"error\":\"the model is on fire\"}");
                case "text" -> answer(exchange, 409, "plain words");
                case "hang" -> hold();
                case "cut" -> cut(exchange);
                case "swallow" -> swallow(exchange);
                case "large" -> large(exchange, Long.parseLong(order[1]));
                case "lag" -> lag(exchange, Integer.parseInt(order[1]));
                default -> echo(exchange);
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void echo(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type != null) {
            exchange.getResponseHeaders().set("Content-Type", type);
        }
        exchange.getResponseHeaders().set("Mcp-Session-Id", "mcp-1");
        exchange.getResponseHeaders().set("Set-Cookie", "secret=1");
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private void stream(HttpExchange exchange, int events, int millis) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        try {
            for (int event = 0; event < events; event++) {
                silence.await(millis, TimeUnit.MILLISECONDS);
                out.write(("data: " + Instant.now().toEpochMilli() + "\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                eventsWritten.incrementAndGet();
            }
        } catch (IOException cut) {
            streamsCut.incrementAndGet();
            throw cut;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void silent(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        hold();
        exchange.getResponseBody().write("data: end\n\n".getBytes(StandardCharsets.UTF_8));
    }

    private void hold() {
        try {
            silence.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Promises more than it sends. */
    private static void cut(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 1000);
        exchange.getResponseBody().write("half".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    /** Begins a stream and cuts the connection, since a handler that throws has its connection closed. */
    private void cutLate(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write("data: half\n\n".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        try {
            silence.await(500, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("cut");
    }

    private void swallow(HttpExchange exchange) throws IOException {
        long total = 0;
        byte[] buffer = new byte[65536];
        try (InputStream in = exchange.getRequestBody()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                total += read;
            }
        }
        received.set(total);
        answer(exchange, 200, Long.toString(total));
    }

    private static void large(HttpExchange exchange, long bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        exchange.sendResponseHeaders(200, 0);
        byte[] buffer = new byte[65536];
        for (long left = bytes; left > 0; left -= buffer.length) {
            exchange.getResponseBody().write(buffer, 0, (int) Math.min(left, buffer.length));
        }
    }

    private void lag(HttpExchange exchange, int millis) throws IOException {
        try {
            silence.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        answer(exchange, 200, "{\"late\":true}");
    }
}

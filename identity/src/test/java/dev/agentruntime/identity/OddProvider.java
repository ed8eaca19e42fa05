package dev.agentruntime.identity;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider that answers as a test says, where the one that others wrote would not. */
final class OddProvider implements AutoCloseable {

    private record Canned(int status, String body) {}

    private final HttpServer server;
    private final Queue<Canned> answers = new ConcurrentLinkedQueue<>();
    final AtomicInteger asked = new AtomicInteger();
    /** Of the requests for tokens. */
    final List<String> bodies = new CopyOnWriteArrayList<>();
    volatile String metadata;

    OddProvider() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        metadata = "{\"issuer\": \"" + issuer() + "\", \"token_endpoint\": \"" + issuer() + "/token\", \"authorization_endpoint\": \"" + issuer() + "/authorize\"}";
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean described = exchange.getRequestURI().getPath().contains("/.well-known/");
            if (!described) {
                bodies.add(body);
            }
            answer(exchange, described ? new Canned(200, metadata) : answers.remove());
        });
        server.start();
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    String discovery() {
        return issuer() + "/.well-known/oauth-authorization-server";
    }

    void next(int status, String body) {
        answers.add(new Canned(status, body));
    }

    private static void answer(HttpExchange exchange, Canned canned) throws IOException {
        try (exchange) {
            byte[] body = canned.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.getResponseHeaders().add("Location", issuer(exchange) + "/elsewhere");
            exchange.sendResponseHeaders(canned.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String issuer(HttpExchange exchange) {
        return "http://" + exchange.getRequestHeaders().getFirst("Host");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package dev.agentruntime.requests;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.api.RoomOperations.Answer;
import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.api.RoomOperations.Row;
import dev.agentruntime.api.Subject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** A small HTTP server over a room's operations, with the paths that the front door has below {@code /agents}. */
public final class TestDoor implements AutoCloseable {

    private static final String ROOT = "/agents";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Supplier<RoomOperations> room;
    private final Supplier<Caller> caller;

    /** One whose requests are an administrator's. */
    public TestDoor(Supplier<RoomOperations> room) throws IOException {
        this(room, () -> new Caller(new Subject("https://idp", "alice"), true));
    }

    /** @param caller whose request the next one is */
    public TestDoor(Supplier<RoomOperations> room, Supplier<Caller> caller) throws IOException {
        this.caller = caller;
        this.room = room;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(ROOT, this::serve);
        server.start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + ROOT);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath().substring(ROOT.length());
            for (Row row : room.get().operations()) {
                Optional<Map<String, String>> names = match(row.path(), path);
                if (names.isPresent() && row.method().equals(exchange.getRequestMethod())) {
                    answer(exchange, row.handler().serve(request(exchange, names.get())));
                    return;
                }
            }
            answer(exchange, new Answer(404, Map.of(), "{\"message\": \"There is nothing at " + path + "\"}"));
        }
    }

    private Request request(HttpExchange exchange, Map<String, String> names) {
        Optional<Long> length = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Length")).map(Long::valueOf);
        return new Request(names, query(exchange.getRequestURI().getRawQuery()),
                name -> Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)), exchange.getRequestBody(), length,
                caller.get());
    }

    private static Map<String, List<String>> query(String raw) {
        Map<String, List<String>> query = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            String[] parts = pair.split("=", 2);
            query.computeIfAbsent(decoded(parts[0]), name -> new ArrayList<>()).add(parts.length == 2 ? decoded(parts[1]) : "");
        }
        return query;
    }

    private static Optional<Map<String, String>> match(String pattern, String path) {
        String[] wanted = pattern.split("/", -1);
        String[] given = path.split("/", -1);
        if (wanted.length != given.length) {
            return Optional.empty();
        }
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].startsWith("{")) {
                names.put(wanted[i].substring(1, wanted[i].length() - 1), decoded(given[i]));
            } else if (!wanted[i].equals(given[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, Answer answer) throws IOException {
        exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        answer.headers().forEach(exchange.getResponseHeaders()::add);
        exchange.getResponseHeaders().add("Content-Type", answer.type());
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.Frames;
import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server's HTTP, as a caller and as an operator. Thread-safe; blocks. */
final class Api {

    static final String SESSION = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final byte[] QUESTION = "{\"prompt\": \"Ada\"}".getBytes(StandardCharsets.UTF_8);

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String caller;
    private final String operator;

    /** @param tokens the folder of alice.token and admin.token */
    Api(Path tokens) {
        try {
            caller = Files.readString(tokens.resolve("alice.token")).strip();
            operator = Files.readString(tokens.resolve("admin.token")).strip();
        } catch (IOException e) {
            throw new BenchmarkException("There are no tokens in " + tokens + ": " + e.getMessage(), e);
        }
    }

    /** An id that no session has had. */
    static String newSession() {
        return "benchmark-" + UUID.randomUUID();
    }

    RawHttp connect() throws IOException {
        return new RawHttp("localhost", Server.PORT, PATIENCE);
    }

    /** One small invocation of the agent {@code hello} over a connection of its own; answers whatever the status. */
    RawHttp.Whole greet(String session) throws IOException {
        try (RawHttp http = connect()) {
            return greet(http, session);
        }
    }

    RawHttp.Whole greet(RawHttp http, String session) throws IOException {
        return http.post("/agents/runtimes/hello/invocations", headers(session, "application/json"), QUESTION);
    }

    /** The same for a new session whose id the platform makes. */
    RawHttp.Whole greetNew(RawHttp http) throws IOException {
        return http.post("/agents/runtimes/hello/invocations",
                Map.of("Authorization", "Bearer " + caller, "Content-Type", "application/json"), QUESTION);
    }

    /** The id of the session that gave {@code answer}. */
    static String sessionOf(RawHttp.Whole answer) {
        return answer.headers().get(SESSION.toLowerCase(Locale.ROOT));
    }

    /** Begins a session of any agent with a small JSON text; returns the answer's status. */
    int begin(String runtime, String session) throws IOException {
        try (RawHttp http = connect()) {
            return http.post("/agents/runtimes/" + runtime + "/invocations", headers(session, "application/json"),
                    "\"Ada\"".getBytes(StandardCharsets.UTF_8)).status();
        }
    }

    /** The benchmark agent in its VM. */
    Exchanges bench(RawHttp http, String session) {
        return new Exchanges(http, "/agents/runtimes/bench/invocations",
                Map.of("Authorization", "Bearer " + caller, SESSION, session));
    }

    /** Its WebSocket. */
    Frames frames(String session) throws IOException {
        return new Frames("localhost", Server.PORT, "/agents/runtimes/bench/ws", Map.of("Authorization", "Bearer " + caller, SESSION, session), PATIENCE);
    }

    /** The benchmark agent as an application of the host's server. */
    Exchanges plain(RawHttp http) {
        return new Exchanges(http, "/plain/invocations", Map.of());
    }

    private Map<String, String> headers(String session, String type) {
        return Map.of("Authorization", "Bearer " + caller, SESSION, session, "Content-Type", type);
    }

    /** An agent runtime as the server shows it. */
    Map<String, Object> runtime(String name) throws IOException {
        return JsonReader.object(send("GET", "/agents/runtimes/" + name).body());
    }

    SessionFacts session(String runtime, String session) throws IOException {
        return SessionFacts.of(JsonReader.object(send("GET", "/agents/runtimes/" + runtime + "/sessions/" + session).body()));
    }

    /** The latest lines of a session's log, as JSON. */
    String log(String runtime, String session, int lines) throws IOException {
        return send("GET", "/agents/runtimes/" + runtime + "/sessions/" + session + "/logs?lines=" + lines).body();
    }

    /** A session's log from now on. */
    FollowedLog follow(String runtime, String session) throws IOException {
        URI path = URI.create("http://localhost:" + Server.PORT + "/agents/runtimes/" + runtime + "/sessions/" + session + "/logs?follow=true&lines=0");
        try {
            HttpResponse<InputStream> answer = client.send(HttpRequest.newBuilder(path).header("Authorization", "Bearer " + operator).build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            if (answer.statusCode() != 200) {
                throw new IOException("GET " + path + " was answered with " + answer.statusCode());
            }
            return new FollowedLog(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted during GET " + path, e);
        }
    }

    /** Ends a session and waits until its VM is gone. */
    void end(String runtime, String session) throws IOException {
        send("DELETE", "/agents/runtimes/" + runtime + "/sessions/" + session);
    }

    /** Whether the server says that it is ready for requests; one that is not there is not. */
    boolean ready() {
        try {
            send("GET", "/health/ready");
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Bytes of the server's heap in use. */
    long usedHeap() throws IOException {
        String metrics = send("GET", "/metrics?scope=base").body();
        Matcher gauge = Pattern.compile("(?m)^memory_usedHeap_bytes(?:\\{[^}]*})? ([0-9.E]+)").matcher(metrics);
        if (!gauge.find()) {
            throw new IOException("/metrics has no memory_usedHeap_bytes");
        }
        return (long) Double.parseDouble(gauge.group(1));
    }

    private HttpResponse<String> send(String method, String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + Server.PORT + path))
                .method(method, HttpRequest.BodyPublishers.noBody()).timeout(PATIENCE)
                .header("Authorization", "Bearer " + operator).build();
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IOException(method + " " + path + " was answered with " + answer.statusCode() + " " + answer.body());
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted during " + method + " " + path, e);
        }
    }
}

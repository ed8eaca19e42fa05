package dev.agentruntime.tests;

import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A caller of the platform with one token. */
final class AgentClient {

    static final String BASE = "http://localhost:19090";
    static final String SESSION = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id";

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String base;
    private final String token;

    AgentClient(String token) {
        this(BASE, token);
    }

    private AgentClient(String base, String token) {
        this.base = base;
        this.token = token;
    }

    /** A caller of another server. */
    static AgentClient invoker(String base, String name) {
        return new AgentClient(base, Identity.PROVIDER.invoker(name));
    }

    static AgentClient alice() {
        return new AgentClient(Identity.PROVIDER.invoker("alice"));
    }

    static AgentClient bob() {
        return new AgentClient(Identity.PROVIDER.invoker("bob"));
    }

    static AgentClient admin() {
        return new AgentClient(Identity.PROVIDER.admin());
    }

    static String newSession() {
        return "test-" + UUID.randomUUID();
    }

    /** Blocks until the agent is READY; fails with its view when it is not within the time. */
    static void awaitReady(String runtime) {
        admin().awaitAgent(runtime);
    }

    void awaitAgent(String runtime) {
        await("agent " + runtime).atMost(Duration.ofMinutes(12)).pollInterval(Duration.ofSeconds(1)).ignoreExceptions()
                .until(() -> get("/agents/runtimes/" + runtime), answer -> {
                    String status = json(answer).getString("status");
                    if (status.equals("CREATE_FAILED")) {
                        throw new AssertionError(answer.body());
                    }
                    return status.equals("READY");
                });
    }

    HttpResponse<String> invoke(String runtime, String session, String body) {
        return send(invocation(runtime, session, body));
    }

    CompletableFuture<HttpResponse<String>> invokeAsync(String runtime, String session, String body) {
        return HTTP.sendAsync(invocation(runtime, session, body), BodyHandlers.ofString());
    }

    /** The status of an answer that may be longer than any heap. */
    CompletableFuture<Integer> statusOf(String runtime, String session, String body) {
        return HTTP.sendAsync(invocation(runtime, session, body), BodyHandlers.discarding()).thenApply(HttpResponse::statusCode);
    }

    HttpResponse<InputStream> stream(String runtime, String session, String body) {
        try {
            return HTTP.send(invocation(runtime, session, body), BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A body that is no JSON, or too long to be held. */
    HttpResponse<String> upload(String runtime, String session, String contentType, BodyPublisher body) {
        return send(request("/agents/runtimes/" + runtime + "/invocations").header("Content-Type", contentType)
                .header(SESSION, session).POST(body).timeout(Duration.ofMinutes(14)).build());
    }

    /** A command in a session's VM; its events are text enough to be looked into. */
    HttpResponse<String> command(String runtime, String session, String body) {
        return send(request("/agents/runtimes/" + runtime + "/commands").header("Content-Type", "application/json").header(SESSION, session)
                .POST(BodyPublishers.ofString(body)).timeout(Duration.ofMinutes(5)).build());
    }

    /** The body of a GET, as it comes. */
    InputStream events(String path) {
        try {
            return HTTP.send(request(path).GET().build(), BodyHandlers.ofInputStream()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    JsonObject session(String runtime, String session) {
        return json(get("/agents/runtimes/" + runtime + "/sessions/" + session));
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET().build());
    }

    HttpResponse<String> post(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)).build());
    }

    /** Without a body. */
    HttpResponse<String> post(String path) {
        return send(request(path).POST(BodyPublishers.noBody()).build());
    }

    HttpResponse<String> delete(String path) {
        return send(request(path).DELETE().build());
    }

    static JsonObject json(HttpResponse<String> response) {
        return json(response.body());
    }

    static JsonObject json(String body) {
        try (JsonReader reader = Json.createReader(new StringReader(body))) {
            return reader.readObject();
        }
    }

    private HttpRequest invocation(String runtime, String session, String body) {
        HttpRequest.Builder request = request("/agents/runtimes/" + runtime + "/invocations")
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
        if (!session.isEmpty()) {
            request.header(SESSION, session);
        }
        return request.build();
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofMinutes(5));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

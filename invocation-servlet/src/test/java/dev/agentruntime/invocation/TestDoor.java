package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The front door in a real Open Liberty, started once for all tests, and what a caller needs to knock at it. */
final class TestDoor {

    static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    final Tokens tokens = new Tokens();
    final TestAgent agent = new TestAgent();
    final RawModes raw = new RawModes();
    final CommandGuest commands = new CommandGuest();
    final LibertyServer liberty;
    final String alice = tokens.token("alice", "agent-invoker");

    private static final class Started {
        static final TestDoor DOOR = start();
    }

    private TestDoor() throws Exception {
        Path work = Path.of("target", "liberty-it").toAbsolutePath();
        Files.createDirectories(work);
        liberty = new LibertyServer(work, agent.port(), raw.port(), commands.port(), tokens);
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(() -> {
            HttpResponse<String> answer = get("/runtimes", alice);
            assertThat(answer.statusCode()).as("%s %s", answer.headers().map(), answer.body()).isEqualTo(200);
        });
    }

    static TestDoor open() {
        return Started.DOOR;
    }

    private static TestDoor start() {
        try {
            return new TestDoor();
        } catch (Exception e) {
            throw new IllegalStateException("Liberty did not start: " + e.getMessage(), e);
        }
    }

    private void stop() {
        try {
            liberty.close();
        } catch (Exception e) {
            throw new IllegalStateException("Liberty did not stop: " + e.getMessage(), e);
        }
    }

    static URI uri(String path) {
        return URI.create(LibertyServer.BASE + path);
    }

    static HttpRequest.Builder authorized(URI uri, String token) {
        return HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).timeout(Duration.ofSeconds(60));
    }

    HttpRequest.Builder invoke(String runtime, String order) {
        HttpRequest.Builder request = authorized(uri("/runtimes/" + runtime + "/invocations"), alice);
        return order.isEmpty() ? request : request.header(TestAgent.DO, order);
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    static HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
        return send(authorized(uri(path), token));
    }

    static JsonObject json(HttpResponse<String> answer) {
        return Json.createReader(new StringReader(answer.body())).readObject();
    }

    static JsonObject assertRefusal(HttpResponse<String> answer, String type) {
        assertThat(answer.headers().firstValue(Headers.ERROR_TYPE)).as("%s", answer.body()).contains(type);
        JsonObject body = json(answer);
        assertThat(body.getString("message")).isNotEmpty();
        return body;
    }

    /** A connection on which an invocation's head has been sent; the rest of {@code more} is to end it and bring the body. */
    Socket raw(String runtime, String order, String more) throws IOException {
        return rawOf("POST /agents/runtimes/" + runtime + "/invocations", (order.isEmpty() ? "" : TestAgent.DO + ": " + order + "\r\n") + more);
    }

    /** The same of any request: its method and path. */
    Socket rawOf(String asked, String more) throws IOException {
        Socket socket = new Socket("127.0.0.1", LibertyServer.BASE.getPort());
        socket.setSoTimeout(90_000);
        socket.getOutputStream().write((asked + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + alice + "\r\n" + more)
                .getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** All that the server sends, until it closes the connection. */
    static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    static String metrics(String scope) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(LibertyServer.ROOT.resolve("/metrics?scope=" + scope)).build(),
                BodyHandlers.ofString()).body();
    }
}

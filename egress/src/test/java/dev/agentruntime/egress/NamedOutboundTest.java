package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.agentruntime.api.OutboundConnection.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP to an outbound by its name. */
class NamedOutboundTest extends EgressTestBase {

    private final List<String> seen = new CopyOnWriteArrayList<>();

    private GuestPort echo() throws IOException {
        HttpServer server = server(exchange -> {
            seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + exchange.getRequestHeaders().getOrDefault("Authorization", List.of())
                    + " " + exchange.getRequestHeaders().get("Host"));
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            answer(exchange, 200, "got " + body);
        });
        outbound("model", "url", "http://127.0.0.1:" + port(server) + "/v1", "header", "Authorization", "value", "Bearer sk-secret");
        return port("outbound/model");
    }

    private static HttpResponse<String> ask(HttpClient client, GuestPort port, String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port.port() + path));
        return client.send(body.isEmpty() ? request.build() : request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    @Test
    void theHostAddsTheCredentialAndThePath() throws Exception {
        GuestPort port = echo();
        HttpResponse<String> answer = ask(HttpClient.newHttpClient(), port, "/chat?x=1", "hello");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("got hello");
        assertThat(seen.get(0)).startsWith("POST /v1/chat?x=1 [Bearer sk-secret] [127.0.0.1:");
        assertThat(record().outcome()).isEqualTo(Outcome.OK);
        assertThat(record().way()).isEqualTo("outbound/model");
        assertThat(record().target()).startsWith("127.0.0.1:");
        assertThat(record().bytesOut()).isPositive();
        assertThat(record().bytesIn()).isPositive();
        assertThat(record().toString()).doesNotContain("sk-secret").doesNotContain("chat");
    }

    @Test
    void everyRequestOfAKeptConnectionGetsIt() throws Exception {
        GuestPort port = echo();
        try (Socket socket = port.connect()) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            for (int i = 0; i < 5; i++) {
                socket.getOutputStream().write(("POST /" + i + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab").getBytes(StandardCharsets.ISO_8859_1));
                assertThat(in.readLine()).contains("200");
                while (!in.readLine().isEmpty()) {
                    assertThat(socket.isConnected()).isTrue();
                }
                assertThat(new String(new char[] {(char) in.read(), (char) in.read(), (char) in.read(), (char) in.read(), (char) in.read(),
                    (char) in.read()})).isEqualTo("got ab");
            }
        }
        assertThat(seen).hasSize(5).allSatisfy(request -> assertThat(request).contains("[Bearer sk-secret]"));
    }

    @Test
    void requestsSentAtOnceAreAnsweredInTheirOrder() throws Exception {
        GuestPort port = echo();
        String answers = talk(port, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n1POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n2"
                + "POST /c HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\n3");
        assertThat(answers).containsSubsequence("got 1", "got 2", "got 3");
        assertThat(seen).hasSize(3);
    }

    @Test
    void theAgentsOwnHeaderOfThatNameStaysBehind() throws Exception {
        GuestPort port = echo();
        talk(port, "GET / HTTP/1.1\r\nHost: evil\r\nauthorization: Bearer mine\r\nAUTHORIZATION: Bearer other\r\nConnection: close, Authorization\r\n\r\n");
        assertThat(seen.get(0)).contains("[Bearer sk-secret]").doesNotContain("mine").doesNotContain("evil");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Api-Key", "x-api-key", "X_Api_Key", "x_api-key", "X.Api.Key", "X~Api|Key"})
    void whatAServerCouldReadAsTheHostsHeaderStaysBehindToo(String header) throws Exception {
        List<String> keys = new CopyOnWriteArrayList<>();
        HttpServer server = server(exchange -> {
            exchange.getRequestHeaders().forEach((name, values) -> keys.addAll(name.toLowerCase().startsWith("x") ? values : List.of()));
            answer(exchange, 200, "");
        });
        outbound("model", "url", "http://127.0.0.1:" + port(server), "header", "X-Api-Key", "value", "hosts");
        talk(port("outbound/model"), "GET / HTTP/1.1\r\nHost: x\r\n" + header + ": mine\r\nX-Api-Keys: other\r\nConnection: close\r\n\r\n");
        assertThat(keys).containsExactlyInAnyOrder("hosts", "other");
    }

    @Test
    void whatIsForOneHopStaysBehind() throws Exception {
        List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();
        HttpServer server = server(exchange -> {
            headers.add(Map.copyOf(exchange.getRequestHeaders()));
            answer(exchange, 200, "");
        });
        outbound("model", "url", "http://127.0.0.1:" + port(server));
        talk(port("outbound/model"), "GET / HTTP/1.1\r\nHost: x\r\nConnection: close, Upgrade, HTTP2-Settings, X-Mine\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
                + "X-Mine: 1\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: Basic abc\r\nTE: trailers\r\nX-Other: 2\r\n\r\n");
        assertThat(headers.get(0)).containsKey("X-other")
                .doesNotContainKeys("Upgrade", "Http2-settings", "X-mine", "Proxy-connection", "Proxy-authorization", "Te");
    }

    @Test
    void aChangedUrlAndSecretCountForTheNextRequestOfAKeptConnection() throws Exception {
        GuestPort port = echo();
        HttpClient client = HttpClient.newHttpClient();
        ask(client, port, "/", "");
        HttpServer other = server(exchange -> answer(exchange, 200, "other " + exchange.getRequestHeaders().getFirst("Authorization")));
        outbound("model", "url", "http://127.0.0.1:" + port(other), "header", "Authorization", "value", "Bearer new");
        assertThat(ask(client, port, "/", "").body()).isEqualTo("other Bearer new");
    }

    @Test
    void anOutboundThatIsTakenAwayIsRefusedByName() throws Exception {
        GuestPort port = echo();
        HttpClient client = HttpClient.newHttpClient();
        ask(client, port, "/", "");
        noOutbounds();
        HttpResponse<String> answer = ask(client, port, "/", "");
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("<outbound name=\"model\">");
        assertThat(record().outcome()).isEqualTo(Outcome.DENIED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../admin", "/a/%2e%2e/b", "/a/..", "/a/.%2E/", "/%2e/", "/..;/admin", "/a%2f..%2fb", "/a\\..\\b", "/a#/../../admin",
        "/%252e%252e/admin", "/..%00/admin", "/a%00", "http://model.outbound/../admin", "*", "v1/x", "../admin", "http:/admin", "ftp://model.outbound/"})
    void aPathDoesNotClimbOutOfThatOfTheUrl(String path) throws Exception {
        GuestPort port = echo();
        assertThat(talk(port, get(path))).startsWith("HTTP/1.1 400");
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"http://model.outbound/chat, /v1/chat", "HTTP://model.outbound?x=1, /v1/?x=1", "http://model.outbound, /v1/", "/, /v1/", "/?x, /v1/?x",
        "//other.example/x, /v1//other.example/x"})
    void whatTheGuestAsksForIsWhatTheServiceIsAskedFor(String target, String asked) throws Exception {
        GuestPort port = echo();
        assertThat(talk(port, get(target))).startsWith("HTTP/1.1 200");
        assertThat(seen.get(0)).startsWith("GET " + asked + " ");
    }

    @Test
    void aWholeServerIsAskedForItsOptionsOnlyWhereTheOutboundIsTheWholeServer() throws Exception {
        GuestPort port = echo();
        assertThat(talk(port, get("*").replace("GET", "OPTIONS"))).startsWith("HTTP/1.1 400");
        assertThat(seen).isEmpty();
        try (ServerSocket upstream = silent()) {
            outbound("model", "url", "http://127.0.0.1:" + upstream.getLocalPort());
            try (Socket guest = port.connect(); Socket outside = accepted(upstream, guest, get("*").replace("GET", "OPTIONS"))) {
                assertThat(new BufferedReader(new InputStreamReader(outside.getInputStream(), StandardCharsets.ISO_8859_1)).readLine())
                        .isEqualTo("OPTIONS * HTTP/1.1");
            }
        }
        assertThat(talk(port, get("*"))).startsWith("HTTP/1.1 400").contains("OPTIONS");
    }

    private static Socket accepted(ServerSocket upstream, Socket guest, String request) throws IOException {
        guest.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return upstream.accept();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a..b/c", "/a?x=../y", "/.well-known/x", "/...", "/a/..b", "/a%2520b", "/100%25", "/%E4%B8%AD", "/a%2fb",
        "/a?next=%2fb%2f..%2fc"})
    void dotsElsewhereDoNoHarm(String path) throws Exception {
        GuestPort port = echo();
        assertThat(talk(port, get(path))).startsWith("HTTP/1.1 200");
    }

    @Test
    void aRedirectToItsOwnOriginStaysInTheGuest() throws Exception {
        HttpServer[] server = new HttpServer[1];
        server[0] = server(exchange -> {
            exchange.getResponseHeaders().set("Location", "http://127.0.0.1:" + port(server[0]) + "/v1/next?x=1");
            answer(exchange, 302, "");
        });
        outbound("model", "url", "http://127.0.0.1:" + port(server[0]) + "/v1");
        assertThat(talk(port("outbound/model"), get("/a"))).containsIgnoringCase("location: http://model.outbound/next?x=1");
    }

    /** Services write redirects in each of these forms; what the guest does with a path, it does at the outbound. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"/v1/next?x=1|/next?x=1", "/v1|/", "/v1?x=1|/?x=1", "/v1/|/", "/v1#a|/#a", "next|next", "?x=1|?x=1", "../up|../up",
        "/login|https://api.example/login", "/v10/x|https://api.example/v10/x", "/|https://api.example/",
        "//api.example/v1/next|http://model.outbound/next", "//other.example/v1|https://other.example/v1",
        "https://api.example/v1/next|http://model.outbound/next", "HTTPS://API.example:443/v1|http://model.outbound", "https://api.example/v1?x|http://model.outbound?x",
        "https://api.example/login|https://api.example/login", "https://api.example:8443/v1/x|https://api.example:8443/v1/x",
        "http://api.example/v1/x|http://api.example/v1/x", "http://api.example:443/v1/x|http://api.example:443/v1/x",
        "https://api.example@evil.example/v1/x|https://api.example@evil.example/v1/x", "mailto:a@b|mailto:a@b"})
    void aRedirectWithinTheServiceLeadsToTheOutboundAndOneBesideItOut(String location, String told) {
        assertThat(new Plan.Relocation("https://api.example/v1", "http://model.outbound").of(location)).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"/next|/next", "/|/", "//api.example:8080/x|http://model.outbound:81/x", "http://api.example:8080|http://model.outbound:81",
        "http://api.example/x|http://api.example/x", "https://api.example:8080/x|https://api.example:8080/x"})
    void aRedirectWithinAServiceThatIsAWholeServerLeadsToTheOutbound(String location, String told) {
        assertThat(new Plan.Relocation("http://api.example:8080", "http://model.outbound:81").of(location)).isEqualTo(told);
        assertThat(Plan.Relocation.UNCHANGED.of(location)).isEqualTo(location);
    }

    @Test
    void aRedirectToAPathOfTheServerStaysInTheGuest() throws Exception {
        HttpServer server = server(exchange -> {
            exchange.getResponseHeaders().set("Location", "/v1/next?x=1");
            answer(exchange, 302, "");
        });
        outbound("model", "url", "http://127.0.0.1:" + port(server) + "/v1");
        assertThat(talk(port("outbound/model"), get("/a"))).containsIgnoringCase("location: /next?x=1\r\n");
    }

    @Test
    void aRedirectElsewhereIsLeftToTheClientAndItsRules() throws Exception {
        HttpServer server = server(exchange -> {
            exchange.getResponseHeaders().set("Location", "http://169.254.169.254/latest/meta-data/");
            answer(exchange, 302, "");
        });
        outbound("model", "url", "http://127.0.0.1:" + port(server));
        assertThat(talk(port("outbound/model"), get("/a"))).containsIgnoringCase("location: http://169.254.169.254/latest/meta-data/");
    }

    @Test
    void eventsPassAsTheyAreSent() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        HttpServer server = server(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("data: 1\n\n".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            await(read);
            exchange.getResponseBody().write("data: 2\n\n".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        outbound("model", "url", "http://127.0.0.1:" + port(server));
        HttpResponse<InputStream> answer = HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port("outbound/model").port() + "/")).build(), BodyHandlers.ofInputStream());
        BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        assertThat(lines.readLine()).isEqualTo("data: 1");
        read.countDown();
        assertThat(lines.readLine()).isEmpty();
        assertThat(lines.readLine()).isEqualTo("data: 2");
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void manyRequestsAtOnceUseConnectionsAgain() throws Exception {
        Set<Integer> connections = ConcurrentHashMap.newKeySet();
        HttpServer server = server(exchange -> {
            connections.add(exchange.getRemoteAddress().getPort());
            answer(exchange, 200, "got " + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        });
        outbound("model", "url", "http://127.0.0.1:" + port(server));
        GuestPort port = port("outbound/model");
        HttpClient client = HttpClient.newHttpClient();
        for (int round = 0; round < 10; round++) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                answers.add(client.sendAsync(HttpRequest.newBuilder(URI.create("http://localhost:" + port.port() + "/" + i))
                        .POST(BodyPublishers.ofString("n" + i)).build(), BodyHandlers.ofString()));
            }
            for (int i = 0; i < 5; i++) {
                assertThat(answers.get(i).join().body()).isEqualTo("got n" + i);
            }
        }
        assertThat(connections).hasSizeBetween(1, 5);
    }

    @Test
    void anAnswerToHeadHasNoBody() throws Exception {
        GuestPort port = echo();
        String answer = talk(port, "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
    }

    @Test
    void aRequestOfAnOlderVersionIsAnswered() throws Exception {
        GuestPort port = echo();
        assertThat(talk(port, "GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200").endsWith("got ");
    }

    @Test
    void aBodyOfManyMegabytesPassesBothWays() throws Exception {
        HttpServer server = server(exchange -> {
            byte[] all = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(all);
            exchange.close();
        });
        outbound("model", "url", "http://127.0.0.1:" + port(server));
        byte[] body = new byte[30 << 20];
        new Random(7).nextBytes(body);
        byte[] back = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://localhost:" + port("outbound/model").port() + "/"))
                .POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofByteArray()).body();
        assertThat(back).isEqualTo(body);
        assertThat(record().bytesOut()).isGreaterThan(30 << 20);
    }

    @Test
    void connectToAnOutboundSaysHowItIsReached() throws Exception {
        GuestPort port = echo();
        assertThat(talk(port, "CONNECT model.outbound:443 HTTP/1.1\r\nHost: model.outbound:443\r\n\r\n")).startsWith("HTTP/1.1 403").contains("http://model.outbound/");
    }
}

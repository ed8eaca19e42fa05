package dev.agentruntime.invocation;

import static dev.agentruntime.invocation.TestDoor.HTTP;
import static dev.agentruntime.invocation.TestDoor.uri;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of other origins at the front door, where Liberty's {@code <cors>} lets some of them in. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class CorsIT {

    private static final String SHOP = "https://shop.example";
    private static final String ALLOWED = "Access-Control-Allow-Origin";

    private final TestDoor door = TestDoor.open();

    private static HttpResponse<String> send(String method, URI uri, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> from(String origin, String method, String path, String body) throws Exception {
        return send(method, uri(path), body, "Origin", origin, "Authorization", "Bearer " + door.alice);
    }

    private static HttpResponse<String> preflight(String origin, String method) throws Exception {
        return send("OPTIONS", uri("/runtimes/echo/invocations"), "", "Origin", origin, "Access-Control-Request-Method", method,
                "Access-Control-Request-Headers", "authorization, content-type");
    }

    private static List<String> words(HttpResponse<?> answer, String header) {
        return answer.headers().allValues(header).stream().flatMap(value -> Arrays.stream(value.split("\\s*,\\s*"))).map(String::toLowerCase).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {SHOP, "https://other.example:8443"})
    void aPreflightOfAnAllowedOriginIsAnsweredWithThatOriginAlone(String origin) throws Exception {
        HttpResponse<String> answer = preflight(origin, "POST");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().allValues(ALLOWED)).containsExactly(origin);
        assertThat(words(answer, "Access-Control-Allow-Methods")).contains("post", "patch", "delete");
        assertThat(words(answer, "Access-Control-Allow-Headers")).contains("authorization", "content-type");
        assertThat(answer.headers().firstValue("Access-Control-Max-Age")).hasValue("60");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://shop.example.evil", "https://shop.exampl", "http://shop.example", "https://shop.example:444", "https://a.shop.example",
        "https://other.example", "null", "https://evil.example"})
    void anotherOriginIsAllowedNothing(String origin) throws Exception {
        assertThat(preflight(origin, "POST").headers().map().keySet()).noneMatch(name -> name.toLowerCase().startsWith("access-control-"));
        HttpResponse<String> answer = from(origin, "POST", "/runtimes/echo/invocations", "x");
        assertThat(answer.headers().map().keySet()).noneMatch(name -> name.toLowerCase().startsWith("access-control-"));
        assertThat(words(answer, "Vary")).contains("origin");
    }

    @Test
    void aMethodThatIsNotAllowedIsNot() throws Exception {
        assertThat(preflight(SHOP, "PUT").headers().firstValue(ALLOWED)).isEmpty();
    }

    private static void isReadable(HttpResponse<?> answer) {
        assertThat(answer.headers().allValues(ALLOWED)).as("%s", answer.headers().map()).containsExactly(SHOP);
        assertThat(words(answer, "Access-Control-Expose-Headers")).contains("x-amzn-bedrock-agentcore-runtime-session-id", "x-amzn-errortype");
        assertThat(words(answer, "Vary")).contains("origin");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials")).as("cookies open nothing here").isEmpty();
    }

    @Test
    void aPageReadsAnAnswerAndWhyItIsRefused() throws Exception {
        HttpResponse<String> answer = from(SHOP, "POST", "/runtimes/echo/invocations", "hello");
        assertThat(answer.body()).isEqualTo("hello");
        isReadable(answer);
        isReadable(from(SHOP, "GET", "/runtimes", ""));
        isReadable(from(SHOP, "GET", "/runtimes/echo/sessions/" + UUID.randomUUID(), ""));
        isReadable(from(SHOP, "POST", "/runtimes/broken/invocations", "x"));
        HttpResponse<String> withoutToken = send("POST", uri("/runtimes/echo/invocations"), "x", "Origin", SHOP);
        assertThat(withoutToken.statusCode()).isEqualTo(401);
        isReadable(withoutToken);
        HttpResponse<String> ofOwnIssuer = send("POST", uri("/runtimes/echo/invocations"), "x", "Origin", SHOP, "Authorization", "Bearer own:alice");
        assertThat(ofOwnIssuer.statusCode()).isEqualTo(200);
        isReadable(ofOwnIssuer);
    }

    @Test
    void aPageReadsEventsAsTheyCome() throws Exception {
        HttpResponse<Stream<String>> answer = HTTP.send(door.invoke("echo", "stream 3 50").header("Origin", SHOP).header("Accept", "text/event-stream")
                .POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofLines());
        isReadable(answer);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        assertThat(answer.body().filter(line -> line.startsWith("data: "))).hasSize(3);
    }

    @Test
    void whoIsNoPageIsAnsweredWithoutAWordOfOrigins() throws Exception {
        HttpResponse<String> answer = TestDoor.get("/runtimes", door.alice);
        assertThat(answer.headers().map().keySet()).noneMatch(name -> name.toLowerCase().startsWith("access-control-"));
        assertThat(answer.headers().firstValue("Vary")).isEmpty();
    }
}

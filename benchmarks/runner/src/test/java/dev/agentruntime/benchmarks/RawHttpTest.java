package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.agentruntime.benchmarks.wire.RawHttp;
import dev.agentruntime.benchmarks.wire.Zeros;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RawHttpTest {

    private HttpServer server;
    private RawHttp http;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/sized", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/chunked", exchange -> {
            long count = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            exchange.getResponseHeaders().add("X-Seen", exchange.getRequestHeaders().getFirst("X-Ask"));
            exchange.sendResponseHeaders(202, 0);
            for (String piece : Long.toString(count).split("")) {
                exchange.getResponseBody().write(piece.getBytes());
                exchange.getResponseBody().flush();
            }
            exchange.close();
        });
        server.start();
        http = new RawHttp("localhost", server.getAddress().getPort(), Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() throws IOException {
        http.close();
        server.stop(0);
    }

    @Test
    void oneConnectionServesManyRequestsOfEitherFraming() throws IOException {
        for (int i = 0; i < 3; i++) {
            RawHttp.Whole sized = http.post("/sized", Map.of(), "hello".getBytes());
            assertThat(sized.text()).isEqualTo("hello");
            assertThat(sized.totalNanos()).isGreaterThanOrEqualTo(sized.firstByteNanos()).isPositive();
            RawHttp.Whole chunked = http.post("/chunked", Map.of("X-Ask", "why"), new byte[12]);
            assertThat(chunked.status()).isEqualTo(202);
            assertThat(chunked.text()).isEqualTo("12");
            assertThat(chunked.headers()).containsEntry("x-seen", "why");
        }
    }

    @Test
    void aLargeBodyIsSentWithoutBeingHeld() throws IOException {
        RawHttp.Answer answer = http.post("/chunked", Map.of("X-Ask", "much"), 3_000_000, new Zeros(3_000_000));
        assertThat(new String(answer.body().readAllBytes())).isEqualTo("3000000");
    }

    @Test
    void aBodyThatEndsEarlyIsAnError() {
        assertThatThrownBy(() -> http.post("/sized", Map.of(), 100_000, new Zeros(99_999))).hasMessageContaining("1 bytes early");
    }

    @Test
    void anEmptyAnswerIsNoError() throws IOException {
        assertThat(http.post("/sized", Map.of(), new byte[0]).body()).isEmpty();
    }
}

package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.agentruntime.api.OutboundConnection.Outcome;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that two readers could take for different ones: they are refused, and nothing hidden in them reaches an upstream. */
class SmugglingTest extends EgressTestBase {

    private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";

    private final List<String> seen = new CopyOnWriteArrayList<>();

    @BeforeEach
    void startUpstream() throws IOException {
        HttpServer server = server(exchange -> {
            seen.add(exchange.getRequestMethod().equals("GET") || exchange.getRequestMethod().equals("POST") ? exchange.getRequestURI().getPath()
                    : exchange.getRequestMethod());
            answer(exchange, 200, "ok");
        });
        outbound("model", "url", "http://127.0.0.1:" + port(server));
    }

    static Stream<String> ambiguous() {
        return Stream.of(
                "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 38\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0, 38\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.0\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 38\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.0\r\nHost: x\r\nContent-Length: 38\r\ncontent-length: 38\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.0\r\nHost: x\r\nContent-Length: 0, 38\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: +0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n" + HIDDEN,
                "GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n" + HIDDEN,
                "GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0x0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding\u000b: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nX: y\u0000z\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nX: y\rContent-Length: 38\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nX y: 1\r\n\r\n" + HIDDEN,
                "GET /a HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\nGET /x  " + HIDDEN,
                "GET /a HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\nUpgrade: WebSocket\r\n"
                        + "Connection: Upgrade\r\n\r\n12345678" + HIDDEN,
                "GET /a HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Key2: 2\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\n Transfer-Encoding: chunked\r\nHost: x\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost : x\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nX\u00fc: 1\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: \r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3 8\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\u000b\r\n\r\n0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + HIDDEN,
                "GET /a HTTP/1.1\r\r\nHost: x\r\n\r\n" + HIDDEN,
                "GET /a HTTP/1.1\nHost: x\n\n" + HIDDEN,
                "GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" + HIDDEN,
                "GET /a HTTP/1.1\r\n\r\n" + HIDDEN,
                "GET /a HTTP/2.0\r\nHost: x\r\n\r\n" + HIDDEN,
                "GET /a HTTP/1.2\r\nHost: x\r\n\r\n" + HIDDEN,
                "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n" + HIDDEN,
                "GET /\u00e4 HTTP/1.1\r\nHost: x\r\n\r\n" + HIDDEN,
                "G(T /a HTTP/1.1\r\nHost: x\r\n\r\n" + HIDDEN,
                "GET /a\r\nHost: x\r\n\r\n" + HIDDEN,
                "GET /a HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(40_000) + "\r\n\r\n" + HIDDEN,
                "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n" + HIDDEN);
    }

    @ParameterizedTest
    @MethodSource("ambiguous")
    void anAmbiguousRequestIsRefusedAndEndsItsConnection(String request) throws Exception {
        assertThat(talk(port("outbound/model"), request)).startsWith("HTTP/1.1 400").doesNotContain("200 OK");
        assertThat(seen).isEmpty();
        assertThat(record().outcome()).isEqualTo(Outcome.MALFORMED);
    }

    static Stream<String> brokenBodies() {
        return Stream.of(
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n100000000000000000000\r\nabc\r\n0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcXX\r\n0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a\nb\r\nabc\r\n0\r\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: 1\n\r\n" + HIDDEN,
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n" + HIDDEN);
    }

    @ParameterizedTest
    @MethodSource("brokenBodies")
    void whatFollowsABodyThatCannotBeReadIsNoRequest(String request) throws Exception {
        assertThat(talk(port("outbound/model"), request)).startsWith("HTTP/1.1 400").doesNotContain("200 OK");
        assertThat(seen).doesNotContain("/hidden");
        assertThat(record().outcome()).isEqualTo(Outcome.MALFORMED);
        assertThat(records).hasSize(1);
    }

    @Test
    void aLineThatIsFoldedBecomesOneLine() throws Exception {
        List<String> headers = new CopyOnWriteArrayList<>();
        HttpServer server = server(exchange -> {
            headers.add(String.valueOf(exchange.getRequestHeaders().get("X")) + exchange.getRequestHeaders().get("Content-Length"));
            answer(exchange, 200, "ok");
        });
        outbound("model", "url", "http://127.0.0.1:" + port(server));
        talk(port("outbound/model"), "GET /a HTTP/1.1\r\nHost: x\r\nX: 1\r\n Content-Length: 38\r\nConnection: close\r\n\r\n");
        assertThat(headers).containsExactly("[1 Content-Length: 38]null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "trace", "TRACK"})
    void aMethodWhoseAnswerRepeatsTheRequestIsRefused(String method) throws Exception {
        outbound("secret", "url", "http://127.0.0.1:1", "header", "Authorization", "value", "Bearer sk");
        allow("127.0.0.1", "1-65535", "");
        assertThat(talk(port("outbound/secret"), get("/").replace("GET", method))).startsWith("HTTP/1.1 405").doesNotContain("sk");
        assertThat(talk(port("proxy"), get("http://127.0.0.1:1/").replace("GET", method))).startsWith("HTTP/1.1 405");
        assertThat(record().outcome()).isEqualTo(Outcome.DENIED);
    }

    @Test
    void howFarARequestMayGoIsNotPassedOn() throws Exception {
        List<String> hops = new CopyOnWriteArrayList<>();
        HttpServer server = server(exchange -> {
            hops.add(String.valueOf(exchange.getRequestHeaders().getFirst("Max-Forwards")));
            answer(exchange, 200, "ok");
        });
        outbound("model", "url", "http://127.0.0.1:" + port(server));
        talk(port("outbound/model"), "OPTIONS / HTTP/1.1\r\nHost: x\r\nMax-Forwards: 0\r\nConnection: close\r\n\r\n");
        assertThat(hops).containsExactly("null");
    }

    /** What an upstream gets of a request, byte for byte. */
    private String received(String request, String end) throws Exception {
        ServerSocket upstream = silent();
        outbound("raw", "url", "http://127.0.0.1:" + upstream.getLocalPort(), "header", "Authorization", "value", "Bearer sk");
        try (Socket guest = port("outbound/raw").connect()) {
            guest.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            try (Socket outside = upstream.accept()) {
                outside.setSoTimeout(8_000);
                StringBuilder text = new StringBuilder();
                while (text.indexOf(end) < 0) {
                    int next = outside.getInputStream().read();
                    assertThat(next).as("after " + text).isNotNegative();
                    text.append((char) next);
                }
                // Whatever else there is would have come with it.
                outside.setSoTimeout(200);
                assertThatThrownBy(() -> text.append((char) outside.getInputStream().read())).isInstanceOf(SocketTimeoutException.class);
                return text.toString();
            }
        }
    }

    @Test
    void trailersOfARequestStayBehind() throws Exception {
        assertThat(received("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: Authorization\r\n\r\n3\r\nabc\r\n0\r\n"
                + "Authorization: Bearer mine\r\nX-Other: 1\r\n\r\n", "\r\n0\r\n\r\n"))
                .endsWith("\r\n\r\n3\r\nabc\r\n0\r\n\r\n").doesNotContain("mine").doesNotContain("X-Other").containsOnlyOnce("Bearer sk");
    }

    @Test
    void anUpstreamGetsWhatWasReadAndNothingElse() throws Exception {
        assertThat(received("POST /a HTTP/1.1\r\nHost: x\r\nX: 1\r\n Content-Length: 38\r\nContent-Length: 3\r\n\r\nabc" + HIDDEN, "abc"))
                .startsWith("POST /a HTTP/1.1\r\n").containsOnlyOnce("\r\ncontent-length: 3\r\n").endsWith("\r\n\r\nabc").doesNotContain("/hidden");
        assertThat(received("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=\"1\"\r\nabc\r\n000\r\n\r\n" + HIDDEN, "0\r\n\r\n"))
                .endsWith("\r\n\r\n3\r\nabc\r\n0\r\n\r\n").doesNotContain("ext").doesNotContain("/hidden");
    }
}

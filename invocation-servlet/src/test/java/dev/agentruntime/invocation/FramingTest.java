package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramingTest {

    private static HttpServletRequest request(Map<String, List<String>> headers) {
        return (HttpServletRequest) Proxy.newProxyInstance(FramingTest.class.getClassLoader(), new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getHeaders" -> Collections.enumeration(headers.getOrDefault(arguments[0], List.of()));
                    case "getHeader" -> headers.getOrDefault(arguments[0], List.of()).stream().findFirst().orElse(null);
                    case "getMethod" -> headers.get("method").get(0);
                    default -> headers.get("protocol").get(0);
                });
    }

    private static HttpServletRequest of(List<String> lengths, List<String> codings) {
        return request(Map.of("protocol", List.of("HTTP/1.1"), "Content-Length", lengths, "Transfer-Encoding", codings));
    }

    @Test
    void aBodyOfOneLengthOrInChunksOrNoneAtAllIsClear() {
        assertThat(Framing.problem(of(List.of(), List.of()))).isEmpty();
        assertThat(Framing.problem(of(List.of("0"), List.of()))).isEmpty();
        assertThat(Framing.problem(of(List.of("00005 "), List.of()))).isEmpty();
        assertThat(Framing.problem(of(List.of("999999999999999999"), List.of()))).isEmpty();
        assertThat(Framing.problem(of(List.of(), List.of("Chunked")))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+5", "5, 5", "5,6", "0x5", "5.0", "1e1", "5\t", "9999999999999999999", "\u0665"})
    void aLengthThatOthersMayReadOtherwiseIsRefused(String length) {
        assertThat(Framing.problem(of(List.of(length), List.of()))).hasValueSatisfying(refusal -> {
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.message()).contains("Content-Length");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "identity", "gzip", "gzip, chunked", "chunked, chunked", "chunked\t", " chunked", "\"chunked\"", "chunked;x"})
    void aCodingThatOthersMayReadOtherwiseIsRefused(String coding) {
        assertThat(Framing.problem(of(List.of(), List.of(coding)))).hasValueSatisfying(
                refusal -> assertThat(refusal.message()).contains("Transfer-Encoding must be chunked"));
    }

    @Test
    void twoLengthsTwoCodingsOrBothAreRefused() {
        for (List<List<String>> framing : Arrays.asList(List.of(List.of("5", "5"), List.<String>of()),
                List.of(List.<String>of(), List.of("chunked", "chunked")), List.of(List.of("5"), List.of("chunked")))) {
            assertThat(Framing.problem(of(framing.get(0), framing.get(1)))).as("%s", framing).isPresent();
        }
    }

    @Test
    void overHttp2FramesSayWhereABodyEnds() {
        assertThat(Framing.problem(request(Map.of("protocol", List.of("HTTP/2.0"), "Content-Length", List.of("5", "5"))))).isEmpty();
    }

    @Test
    void aBodyThatNothingAnnouncesMayFollowWhereMethodsHaveOne() {
        assertThat(Framing.isUnsaid(request(Map.of("method", List.of("POST"), "protocol", List.of("HTTP/1.1"))))).isTrue();
        assertThat(Framing.isUnsaid(request(Map.of("method", List.of("PUT"), "protocol", List.of("HTTP/1.0"))))).isTrue();
        assertThat(Framing.isUnsaid(request(Map.of("method", List.of("GET"), "protocol", List.of("HTTP/1.1"))))).isFalse();
        assertThat(Framing.isUnsaid(request(Map.of("method", List.of("POST"), "protocol", List.of("HTTP/2.0"))))).isFalse();
        assertThat(Framing.isUnsaid(request(Map.of("method", List.of("POST"), "protocol", List.of("HTTP/1.1"), "Content-Length", List.of("0"))))).isFalse();
        assertThat(Framing.isUnsaid(request(Map.of("method", List.of("PATCH"), "protocol", List.of("HTTP/1.1"),
                "Transfer-Encoding", List.of("chunked"))))).isFalse();
    }
}

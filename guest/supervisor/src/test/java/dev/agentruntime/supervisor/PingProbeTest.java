package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PingProbeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static PingProbe.Answer answer(int status, String body) throws IOException {
        HttpServer agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agent.createContext("/ping", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        agent.start();
        try {
            return new PingProbe(URI.create("http://127.0.0.1:" + agent.getAddress().getPort())).ask(PATIENCE);
        } finally {
            agent.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"status\":\"Healthy\"}", "{\"status\":\"healthy\"}", "ok", "", "\ufeff{\"status\":\"Healthy\"}", "<h1>fine</h1>", "[[[[", "\"HealthyBusy\""})
    void status200IsAliveWhateverTheBodySays(String body) throws Exception {
        assertThat(answer(200, body).isAlive()).isTrue();
        assertThat(answer(200, body).text()).isEqualTo(body.strip());
    }

    @Test
    void ofALongBodyTheBeginningIsRead() throws Exception {
        PingProbe.Answer answer = answer(200, "x".repeat(200_000));
        assertThat(answer.isAlive()).isTrue();
        assertThat(answer.body()).hasSize(4096);
        assertThat(answer.summary()).hasSize(201);
    }

    @ParameterizedTest
    @CsvSource({"201, false", "204, false", "302, true", "400, true", "401, true", "403, true", "404, true", "405, true", "408, false", "429, false", "500, false", "503, false"})
    void anyOtherStatusIsNotAliveAndTellsWhetherWaitingHelps(int status, boolean isFinal) throws Exception {
        PingProbe.Answer answer = answer(status, status == 204 ? "" : "go away");
        assertThat(answer.isAlive()).isFalse();
        assertThat(answer.isFinal()).isEqualTo(isFinal);
    }

    private PingProbe.Answer answerOf(String head, String piece, Duration limit) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            threads.submit(() -> {
                try (Socket client = server.accept(); OutputStream out = client.getOutputStream()) {
                    out.write(head.getBytes(StandardCharsets.US_ASCII));
                    while (!piece.isEmpty()) {
                        out.write(piece.getBytes(StandardCharsets.US_ASCII));
                        out.flush();
                        Thread.sleep(50);
                    }
                }
                return null;
            });
            return new PingProbe(URI.create("http://127.0.0.1:" + server.getLocalPort())).ask(limit);
        }
    }

    @Test
    void aBodyThatTricklesIsNoAnswerInTime() {
        assertThatThrownBy(() -> answerOf("HTTP/1.1 200 OK\r\n\r\n", "x", Duration.ofMillis(500))).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void whatIsNotHttpIsNoAnswer() {
        assertThatThrownBy(() -> answerOf("hello\r\n\r\n", "", PATIENCE)).isInstanceOf(IOException.class).hasMessageContaining("not HTTP");
    }

    @Test
    void anAgentThatIsNotThereIsNoAnswer() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertThatThrownBy(() -> new PingProbe(URI.create("http://127.0.0.1:" + port)).ask(PATIENCE)).isInstanceOf(IOException.class);
    }
}

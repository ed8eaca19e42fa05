package dev.agentruntime.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A real Open Liberty is stopped, which {@code -Dliberty.home=DIR} names, over a hypervisor in memory. With {@code ./verify -Dlong}. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
@EnabledIfSystemProperty(named = "long", matches = "true")
class DrainIT {

    private static final int PATIENCE = 60_000;

    @TempDir
    static Path folder;

    private static String token;

    @Test
    void aRequestUnderWayIsAnsweredWhileTheServerStopsAndNoOtherBegins() throws Exception {
        TestTokens tokens = new TestTokens();
        token = tokens.token("alice", "agent-invoker");
        ControlServer server = new ControlServer(folder, tokens);
        CompletableFuture<Void> stop;
        try (Socket slow = connected(); Socket open = connected()) {
            await().atMost(Duration.ofMinutes(2)).until(() -> answersOnce());
            send(open, "5", "hello");
            assertThat(answer(open, "hello")).startsWith("HTTP/1.1 200");
            send(slow, "5", "he");
            stop = CompletableFuture.runAsync(() -> close(server));
            await().atMost(Duration.ofSeconds(30)).until(() -> server.log().contains("AGRT0060I"));
            String late = late(open);
            assertThat(late).as("what a connection is told that was open").matches(
                    answer -> answer.isEmpty() || answer.startsWith("HTTP/1.1 503") && answer.contains("Retry-After: 1") && answer.contains("InternalServerException"));
            System.out.println("A request on an open connection was answered with: " + (late.isEmpty() ? "the connection's end" : late));
            assertThat(stop).isNotDone();
            write(slow, "llo");
            assertThat(answer(slow, "hello")).startsWith("HTTP/1.1 200");
        }
        assertThat(stop).succeedsWithin(Duration.ofMinutes(1));
        assertThat(server.log()).doesNotContain("AGRT0061W").contains("AGRT0002I");
    }

    private static boolean answersOnce() {
        try (Socket socket = connected()) {
            send(socket, "5", "hello");
            return answer(socket, "hello").startsWith("HTTP/1.1 200");
        } catch (IOException notYet) {
            return false;
        }
    }

    private static Socket connected() throws IOException {
        Socket socket = new Socket("127.0.0.1", ControlServer.ENDPOINT.getPort());
        socket.setSoTimeout(PATIENCE);
        return socket;
    }

    private static void send(Socket socket, String length, String body) throws IOException {
        write(socket, "POST /agents/runtimes/configured-one/invocations HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: text/plain\r\nContent-Length: " + length + "\r\n\r\n" + body);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    /** Empty where the connection ends. */
    private static String late(Socket socket) {
        try {
            send(socket, "5", "hello");
            return answer(socket, "}");
        } catch (IOException ended) {
            return "";
        }
    }

    /** All up to a body that ends with {@code end}. */
    private static String answer(Socket socket, String end) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        String text = "";
        for (int one = in.read(); one >= 0; one = in.read()) {
            bytes.write(one);
            text = bytes.toString(StandardCharsets.US_ASCII);
            int body = text.indexOf("\r\n\r\n");
            if (body > 0 && text.substring(body).contains(end)) {
                return text;
            }
        }
        return text;
    }

    private static void close(ControlServer server) {
        try {
            server.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}

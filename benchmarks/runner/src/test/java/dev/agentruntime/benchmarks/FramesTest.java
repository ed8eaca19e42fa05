package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.benchmarks.wire.Frames;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FramesTest {

    private static final int FRAMES = 3;

    /** Answers a handshake with {@code status}, and each frame with one of so many bytes; returns the head of the request. */
    private static CompletableFuture<String> server(ServerSocket listening, int status, int bytes) {
        return CompletableFuture.supplyAsync(() -> {
            try (Socket socket = listening.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) in.readUnsignedByte());
                }
                socket.getOutputStream().write(("HTTP/1.1 " + status + " x\r\nA: b\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                for (int i = 0; status == 101 && i < FRAMES; i++) {
                    in.readFully(new byte[6 + 100]);
                    byte[] frame = new byte[2 + bytes];
                    frame[0] = (byte) 0x82;
                    frame[1] = (byte) bytes;
                    socket.getOutputStream().write(frame);
                }
                return head.toString();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static Frames connected(ServerSocket listening) throws IOException {
        return new Frames("localhost", listening.getLocalPort(), "/ws", Map.of("X-Session", "one"), Duration.ofSeconds(10));
    }

    @Test
    void eachFrameIsTimedThereAndBack() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> head = server(listening, 101, 100);
            try (Frames frames = connected(listening)) {
                assertThat(frames.echoes(FRAMES, 100, 0)).hasSize(FRAMES).allMatch(nanos -> nanos > 0);
            }
            assertThat(head.join()).startsWith("GET /ws HTTP/1.1\r\n").contains("X-Session: one\r\n");
        }
    }

    @Test
    void whatIsNotSentBackAsItCameIsNoFigure() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server(listening, 101, 99);
            try (Frames frames = connected(listening)) {
                assertThatThrownBy(() -> frames.echoes(1, 100, 0)).hasMessageContaining("130 with 99");
            }
        }
    }

    @Test
    void aRefusalIsTold() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server(listening, 403, 0);
            assertThatThrownBy(() -> connected(listening)).isInstanceOf(IOException.class).hasMessageContaining("HTTP/1.1 403 x");
        }
    }
}

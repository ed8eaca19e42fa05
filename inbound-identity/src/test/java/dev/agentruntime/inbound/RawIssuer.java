package dev.agentruntime.inbound;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Answers one request with these very bytes, and closes the connection. */
final class RawIssuer implements AutoCloseable {

    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    private final CompletableFuture<String> asked;

    RawIssuer(String answer) throws IOException {
        asked = CompletableFuture.supplyAsync(() -> serve(answer));
    }

    private String serve(String answer) {
        try (Socket socket = server.accept()) {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                head.write(socket.getInputStream().read());
            }
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            return head.toString(StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/x";
    }

    /** The head of the request. */
    String asked() {
        return asked.join();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

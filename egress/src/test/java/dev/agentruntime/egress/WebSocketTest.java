package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.OutboundConnection.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSocket through an outbound and through the proxy. */
class WebSocketTest extends EgressTestBase {

    private static final String UPGRADE = "GET /live HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final List<String> texts = new CopyOnWriteArrayList<>();

    private interface Upstream {
        void serve(Socket socket, String head) throws IOException;
    }

    private int upstream(Upstream upstream) throws IOException {
        ServerSocket server = closing(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    Socket socket = closing(server.accept());
                    String head = head(socket.getInputStream());
                    heads.add(head);
                    upstream.serve(socket, head);
                }
            } catch (IOException closed) {
                // The test is over.
            }
        }, "upstream");
        thread.setDaemon(true);
        thread.start();
        return server.getLocalPort();
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Greets at once, then sends back what it gets. */
    private static void echo(Socket socket, String head) throws IOException {
        String answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accepted(head) + "\r\n\r\n";
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        first.write(answer.getBytes(StandardCharsets.ISO_8859_1));
        first.write(frame("welcome"));
        socket.getOutputStream().write(first.toByteArray());
        InputStream in = socket.getInputStream();
        for (int kind = in.read(); kind == 0x81; kind = in.read()) {
            byte[] mask = new byte[4];
            int length = in.read() & 0x7f;
            in.readNBytes(mask, 0, 4);
            byte[] text = in.readNBytes(length);
            for (int i = 0; i < length; i++) {
                text[i] ^= mask[i % 4];
            }
            socket.getOutputStream().write(frame("you said " + new String(text, StandardCharsets.UTF_8)));
        }
        socket.close();
    }

    private static byte[] frame(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[bytes.length + 2];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) bytes.length;
        System.arraycopy(bytes, 0, frame, 2, bytes.length);
        return frame;
    }

    private static String accepted(String head) throws IOException {
        String key = head.lines().filter(line -> line.toLowerCase().startsWith("sec-websocket-key:")).findFirst().orElseThrow().split(":")[1].strip();
        try {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    private WebSocket.Listener listener() {
        return new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                texts.add(data.toString());
                socket.request(1);
                return null;
            }
        };
    }

    @Test
    void aWebSocketGoesThroughAnOutboundWithTheHostsCredential() throws Exception {
        outbound("live", "url", "http://127.0.0.1:" + upstream(WebSocketTest::echo) + "/v1", "header", "Authorization", "value", "Bearer sk");
        WebSocket socket = HttpClient.newHttpClient().newWebSocketBuilder()
                .buildAsync(URI.create("ws://localhost:" + port("outbound/live").port() + "/realtime"), listener()).get(8, TimeUnit.SECONDS);
        await().until(() -> texts.contains("welcome"));
        socket.sendText("good day", true).get(8, TimeUnit.SECONDS);
        await().until(() -> texts.contains("you said good day"));
        assertThat(heads.get(0)).startsWith("GET /v1/realtime HTTP/1.1").containsIgnoringCase("authorization: Bearer sk");
        assertThat(records).as("while it is open").isEmpty();
        socket.abort();
        assertThat(record().outcome()).isIn(Outcome.OK, Outcome.ABORTED);
        assertThat(record().bytesIn()).isPositive();
    }

    @Test
    void aWebSocketGoesThroughTheProxyWhereItsHostIsAllowed() throws Exception {
        int port = upstream(WebSocketTest::echo);
        names.put("live.example", List.of("127.0.0.1"));
        allow("live.example", String.valueOf(port), "127.0.0.0/8");
        try (Socket socket = port("proxy").connect()) {
            socket.getOutputStream().write(UPGRADE.replace("/live", "http://live.example:" + port + "/live").getBytes(StandardCharsets.ISO_8859_1));
            assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 101 ").containsIgnoringCase("upgrade: websocket");
            assertThat(socket.getInputStream().readNBytes(9)).isEqualTo(frame("welcome"));
        }
    }

    @Test
    void aWebSocketGoesThroughTheCompanysProxyByConnect() throws Exception {
        int company = upstream((socket, connect) -> {
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            echo(socket, head(socket.getInputStream()));
        });
        set("proxy", "127.0.0.1:" + company);
        outbound("live", "url", "http://live.example");
        try (Socket socket = port("outbound/live").connect()) {
            socket.getOutputStream().write(UPGRADE.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 101 ");
            assertThat(socket.getInputStream().readNBytes(9)).isEqualTo(frame("welcome"));
        }
        assertThat(heads.get(0)).startsWith("CONNECT live.example:80");
    }

    @Test
    void aWebSocketEndsWhenItsOutboundIsTakenAway() throws Exception {
        outbound("live", "url", "http://127.0.0.1:" + upstream(WebSocketTest::echo));
        try (Socket socket = port("outbound/live").connect()) {
            socket.getOutputStream().write(UPGRADE.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 101 ");
            noOutbounds();
            assertThat(record().outcome()).isEqualTo(Outcome.DENIED);
        }
    }

    /** Nothing that follows would be looked at, so nobody waits for it. */
    @Test
    void anUpgradeToWhereTheAgentMayNotGoEndsItsConnection() throws Exception {
        assertThat(talk(port("proxy"), UPGRADE.replace("/live", "http://denied.example/live") + get("http://denied.example/"))).startsWith("HTTP/1.1 403")
                .containsIgnoringCase("connection: close").containsOnlyOnce("HTTP/1.1");
        assertThat(record().outcome()).isEqualTo(Outcome.DENIED);
    }

    @Test
    void whatFollowsAnUpgradeThatIsRefusedIsNoRequest() throws Exception {
        int port = upstream((socket, head) -> socket.getOutputStream()
                .write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno".getBytes(StandardCharsets.ISO_8859_1)));
        outbound("live", "url", "http://127.0.0.1:" + port);
        assertThat(talk(port("outbound/live"), UPGRADE + get("/hidden"))).startsWith("HTTP/1.1 401").endsWith("no")
                .containsIgnoringCase("connection: close");
        assertThat(heads).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "websocket, h2c", "TLS/1.0", "not-websocket"})
    void otherProtocolsAreNotAskedFor(String protocol) throws Exception {
        int port = upstream((socket, head) -> socket.getOutputStream()
                .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.ISO_8859_1)));
        outbound("live", "url", "http://127.0.0.1:" + port);
        try (Socket socket = port("outbound/live").connect()) {
            socket.getOutputStream().write(UPGRADE.replace("websocket\r\n", protocol + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 200");
        }
        assertThat(heads.get(0)).doesNotContainIgnoringCase("upgrade:").doesNotContainIgnoringCase("connection: upgrade");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade: h2c\r\nConnection: Upgrade\r\n\r\nPRI", "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n", "\r\n"})
    void anUpstreamThatChangesToSomethingElseIsABadGateway(String to) throws Exception {
        int port = upstream((socket, head) -> socket.getOutputStream()
                .write(("HTTP/1.1 101 Switching Protocols\r\n" + to).getBytes(StandardCharsets.ISO_8859_1)));
        outbound("live", "url", "http://127.0.0.1:" + port);
        assertThat(talk(port("outbound/live"), UPGRADE)).startsWith("HTTP/1.1 502");
    }

    @Test
    void anUpgradeThatIsNeverAnsweredIsGivenUp() throws Exception {
        set("responseTimeout", "300ms");
        outbound("live", "url", "http://127.0.0.1:" + upstream((socket, head) -> { }));
        assertThat(talk(port("outbound/live"), UPGRADE)).startsWith("HTTP/1.1 504").contains("responseTimeout");
    }

    @Test
    void framesThatFollowTheUpgradeAtOnceArriveBehindIt() throws Exception {
        int port = upstream((socket, head) -> {
            socket.getOutputStream().write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                    + accepted(head) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(socket.getInputStream().readNBytes(5));
        });
        outbound("live", "url", "http://127.0.0.1:" + port);
        try (Socket socket = port("outbound/live").connect()) {
            socket.getOutputStream().write((UPGRADE + "early").getBytes(StandardCharsets.ISO_8859_1));
            assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 101 ");
            assertThat(new String(socket.getInputStream().readNBytes(5), StandardCharsets.ISO_8859_1)).isEqualTo("early");
        }
    }
}

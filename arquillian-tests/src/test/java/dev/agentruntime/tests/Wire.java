package dev.agentruntime.tests;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A WebSocket, frame by frame. */
final class Wire implements AutoCloseable {

    static final int TEXT = 0x81;
    static final int BINARY = 0x82;
    static final int CLOSE = 0x88;

    /** What came. */
    record Frame(int opcode, byte[] payload) {

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        String reason() {
            return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }

        int code() {
            return (payload[0] & 0xff) << 8 | payload[1] & 0xff;
        }
    }

    final int status;
    private final Socket socket;
    private final DataInputStream in;
    private final StringBuilder screen = new StringBuilder();

    /** Alice's. */
    Wire(String path, String session) throws IOException {
        this(path, session, "alice");
    }

    Wire(String path, String session, String user) throws IOException {
        this(new Socket("localhost", URI.create(AgentClient.BASE).getPort()), path, "Host: localhost\r\nAuthorization: Bearer "
                + Identity.PROVIDER.invoker(user) + "\r\n" + AgentClient.SESSION + ": " + session + "\r\n");
    }

    private Wire(Socket socket, String path, String headers) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(120_000);
        socket.setTcpNoDelay(true);
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers + "\r\n").getBytes(StandardCharsets.US_ASCII));
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException(head.toString());
            }
            head.append((char) next);
        }
        status = Integer.parseInt(head.substring(9, 12));
    }

    /** Whoever has a URL, over TLS; the test's server has a certificate that it has made for itself. */
    static Wire secure(String host, String path) throws IOException {
        try {
            SSLContext anybody = SSLContext.getInstance("TLS");
            anybody.init(null, new TrustManager[] {new Trusting()}, null);
            URI server = URI.create("https://" + host);
            return new Wire(anybody.getSocketFactory().createSocket(server.getHost(), server.getPort()), path, "Host: " + host + "\r\n");
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    void send(int first, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 0x10000) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        byte[] mask = {3, 1, 4, 1};
        frame.put(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask[i % 4]));
        }
        socket.getOutputStream().write(frame.array(), 0, frame.position());
    }

    Frame read() throws IOException {
        int opcode = in.readUnsignedByte() & 0x0f;
        long length = in.readUnsignedByte();
        length = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
        byte[] payload = new byte[(int) length];
        in.readFully(payload);
        return new Frame(opcode, payload);
    }

    /** To a shell: what is typed, on channel 0, or something else. */
    void say(int channel, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        send(BINARY, ByteBuffer.allocate(1 + bytes.length).put((byte) channel).put(bytes).array());
    }

    /** Of a shell: the next on a channel; output before it stays on the screen. */
    String hear(int channel) throws IOException {
        while (true) {
            Frame frame = read();
            if (frame.opcode() == 8) {
                throw new EOFException("closed with " + frame.code() + " after: " + screen);
            }
            String text = new String(frame.payload(), 1, frame.payload().length - 1, StandardCharsets.UTF_8);
            if (frame.payload()[0] == channel) {
                return text;
            }
            if (frame.payload()[0] == 1) {
                screen.append(text);
            }
        }
    }

    /** Of a shell: waits until the screen has shown {@code text}, and returns all that it has shown until then. */
    String until(String text) throws IOException {
        while (screen.indexOf(text) < 0) {
            screen.append(hear(1));
        }
        int end = screen.indexOf(text) + text.length();
        String shown = screen.substring(0, end);
        screen.delete(0, end);
        return shown;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            // Whoever it is.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // Whoever it is.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

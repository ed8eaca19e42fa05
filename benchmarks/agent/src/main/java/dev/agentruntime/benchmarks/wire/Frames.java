package dev.agentruntime.benchmarks.wire;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A WebSocket to who sends back what it gets, with as little between the clock and the socket as can be. For one thread. Blocks; a
 * silent server ends a read after the patience.
 */
public final class Frames implements AutoCloseable {

    private static final int BINARY = 0x82;
    private static final int MASKED = 0x80;
    /** The longest length that stands in a frame's second byte. */
    private static final int SMALL = 125;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    /** Connects, and asks for the WebSocket at {@code path} with {@code headers}. */
    public Frames(String host, int port, String path, Map<String, String> headers, Duration patience) throws IOException {
        socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(patience.toMillis()));
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = socket.getOutputStream();
            ask(host + ":" + port, path, headers);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void ask(String host, String path, Map<String, String> headers) throws IOException {
        StringBuilder head = new StringBuilder("GET ").append(path).append(" HTTP/1.1\r\nHost: ").append(host).append("\r\nConnection: Upgrade\r\n"
                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        String status = Lines.next(in);
        if (!status.startsWith("HTTP/1.1 101")) {
            throw new IOException("There is no WebSocket at " + path + ": " + status);
        }
        for (String header = Lines.next(in); !header.isEmpty(); header = Lines.next(in)) {
            // None of them matters here.
        }
    }

    /**
     * Nanoseconds of each of {@code count} frames on the way there and back, one after the other.
     *
     * @param bytes       of payload, 125 at most
     * @param pauseMillis before each of them; 0 for none
     */
    public List<Long> echoes(int count, int bytes, int pauseMillis) throws IOException {
        // Masked with zeros, which leave it as it is.
        byte[] frame = ByteBuffer.allocate(6 + bytes).put((byte) BINARY).put((byte) (MASKED | bytes)).array();
        List<Long> nanos = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Exchanges.pause(pauseMillis);
            long begun = System.nanoTime();
            out.write(frame);
            int first = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            if (first != BINARY || length != bytes || length > SMALL) {
                throw new IOException("For a frame of " + bytes + " bytes came " + first + " with " + length);
            }
            in.readFully(new byte[length]);
            nanos.add(System.nanoTime() - begun);
        }
        return nanos;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

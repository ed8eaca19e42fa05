package dev.agentruntime.benchmarks.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One HTTP/1.1 connection that is kept open, with as little between the clock and the socket as can be. For one thread; an
 * answer's body must be read to its end before the next request. Blocks; a silent server ends a read after the patience.
 */
public final class RawHttp implements AutoCloseable {

    private static final int PIECE = 64 << 10;

    private final Socket socket;
    private final String host;
    private final InputStream in;
    private final OutputStream out;

    /** Connects. */
    public RawHttp(String host, int port, Duration patience) throws IOException {
        this.host = host + ":" + port;
        socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(patience.toMillis()));
            in = new BufferedInputStream(socket.getInputStream(), PIECE);
            out = socket.getOutputStream();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Posts {@code length} bytes of {@code body} and waits for the first byte of the answer's body, or for its end where it
     * has none.
     */
    public Answer post(String path, Map<String, String> headers, long length, InputStream body) throws IOException {
        long begun = System.nanoTime();
        send(path, headers, length, body);
        String status = Lines.next(in);
        if (status.isEmpty()) {
            throw new EOFException(host + " closed the connection before it answered " + path);
        }
        Map<String, String> answered = new TreeMap<>();
        for (String header = Lines.next(in); !header.isEmpty(); header = Lines.next(in)) {
            int colon = header.indexOf(':');
            answered.put(header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
        }
        InputStream content = "chunked".equalsIgnoreCase(answered.get("transfer-encoding"))
                ? new ChunkedBody(in)
                : new SizedBody(in, Long.parseLong(answered.getOrDefault("content-length", "0")));
        PeekedBody peeked = new PeekedBody(content);
        return new Answer(Integer.parseInt(status.split(" ")[1]), answered, peeked, System.nanoTime() - begun, begun);
    }

    /** The same with a small body; the answer's body is read whole. */
    public Whole post(String path, Map<String, String> headers, byte[] body) throws IOException {
        Answer answer = post(path, headers, body.length, new ByteArrayInputStream(body));
        byte[] content = answer.body().readAllBytes();
        return new Whole(answer.status(), answer.headers(), content, answer.firstByteNanos(), System.nanoTime() - answer.begunNanos());
    }

    private void send(String path, Map<String, String> headers, long length, InputStream body) throws IOException {
        StringBuilder head = new StringBuilder("POST ").append(path).append(" HTTP/1.1\r\nHost: ").append(host)
                .append("\r\nContent-Length: ").append(length).append("\r\n");
        headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        first.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        long left = length;
        if (length <= PIECE) {
            first.writeBytes(body.readNBytes((int) length));
            left = 0;
        }
        out.write(first.toByteArray());
        byte[] piece = new byte[PIECE];
        while (left > 0) {
            int count = body.read(piece, 0, (int) Math.min(piece.length, left));
            if (count < 0) {
                throw new EOFException("The request's body ended " + left + " bytes early");
            }
            out.write(piece, 0, count);
            left -= count;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /**
     * An answer whose body is still coming.
     *
     * @param headers        names in lower case
     * @param firstByteNanos from before the request was sent to the first byte of the body
     * @param begunNanos     {@link System#nanoTime()} before the request was sent
     */
    public record Answer(int status, Map<String, String> headers, InputStream body, long firstByteNanos, long begunNanos) {}

    /** An answer that is all there; {@code totalNanos} to the last byte. */
    public record Whole(int status, Map<String, String> headers, byte[] body, long firstByteNanos, long totalNanos) {

        /** The body as text. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }
}

package dev.agentruntime.spi.fake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The agent's end of a stream: as much of HTTP/1.1 as tests need, one request after the other. */
final class FakeConnection implements FakeAgent.Response {

    private final InputStream in;
    private final OutputStream out;

    FakeConnection(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    void serve(FakeAgent agent) throws IOException {
        Optional<FakeAgent.Request> request = read();
        while (request.isPresent()) {
            agent.answer(request.get(), this);
            if ("close".equalsIgnoreCase(request.get().headers().get("connection"))) {
                return;
            }
            request = read();
        }
    }

    private Optional<FakeAgent.Request> read() throws IOException {
        String line = line();
        if (line.isEmpty()) {
            return Optional.empty();
        }
        String[] words = line.split(" ");
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            headers.put(header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).trim());
        }
        return Optional.of(new FakeAgent.Request(words[0], words[1], headers, body(headers)));
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                body.write(exactly(size));
                line();
            }
            line();
            return body.toByteArray();
        }
        return exactly(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }

    private byte[] exactly(int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw Pipe.early();
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void send(int status, Map<String, String> headers, byte[] body) throws IOException {
        head(status, headers, "Content-Length: " + body.length);
        out.write(body);
    }

    @Override
    public FakeAgent.Chunks begin(int status, Map<String, String> headers) throws IOException {
        head(status, headers, "Transfer-Encoding: chunked");
        return new FakeAgent.Chunks() {
            @Override
            public void send(String text) throws IOException {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                write(Integer.toHexString(bytes.length) + "\r\n");
                out.write(bytes);
                write("\r\n");
            }

            @Override
            public void close() throws IOException {
                write("0\r\n\r\n");
            }
        };
    }

    private void head(int status, Map<String, String> headers, String framing) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Fake\r\n");
        headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        write(head + framing + "\r\n\r\n");
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}

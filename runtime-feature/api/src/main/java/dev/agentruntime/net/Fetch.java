package dev.agentruntime.net;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Asks servers of others for something small, such as a document of an issuer. It connects to the very address that was found to be
 * permitted, which no HTTP client of the JDK can be told to do: a name could lead elsewhere when it is looked up a second time. HTTP/1.1,
 * as some proxies take no older one, and one connection for each request. Redirects are not followed. Thread-safe.
 */
public final class Fetch implements AutoCloseable {

    /** The largest answer. */
    public static final int MOST_BYTES = 256 * 1024;

    private static final int MOST_HEAD = 16 * 1024;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");
    private static final int MOST_LINE = 256;
    private static final Pattern CHUNKED = Pattern.compile("transfer-encoding:\\s*chunked\\s*");
    private static final Pattern CHUNK = Pattern.compile("([0-9a-fA-F]{1,7})(?:\\s*;.*)?");
    private static final Pattern LENGTH = Pattern.compile("content-length:\\s*(\\d{1,9})\\s*");
    private static final Pattern HEADER = Pattern.compile("[\\x20-\\x7e]*");
    private static final String TYPE = "content-type:";
    private static final int OK = 200;

    private final ExecutorService threads;
    private final Duration patience;
    private final SSLSocketFactory tls;
    private final String setting;

    /**
     * What is asked.
     *
     * @param headers beside those of every request, such as {@code Content-Type}
     * @param body    empty text where there is none
     */
    public record Question(String method, URI uri, Map<String, String> headers, String body) {

        /** Takes a copy. */
        public Question {
            headers = Map.copyOf(headers);
        }

        /** Without the headers and the body, which may be secret. */
        @Override
        public String toString() {
            return "Question[" + method + " " + uri + "]";
        }
    }

    /** What came back, whatever its status. */
    public record Answer(int status, Optional<String> type, String body) {

        /** Without the body, which may be secret. */
        @Override
        public String toString() {
            return "Answer[" + status + "]";
        }
    }

    /**
     * @param name     of its threads
     * @param patience for the whole of one answer, the look-up of the name included
     * @param setting  what has to name an address that is not permitted, for messages
     */
    public Fetch(String name, Duration patience, SSLSocketFactory tls, String setting) {
        this.patience = patience;
        this.tls = tls;
        this.setting = setting;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * The document. Blocks.
     *
     * @throws IOException it cannot be had, in time or at all; the message is a clause that says why
     */
    public String get(URI uri, Permit permit) throws IOException {
        Answer answer = ask(new Question("GET", uri, Map.of(), ""), permit);
        if (answer.status() != OK) {
            throw new IOException(uri + " answers '" + answer.status() + "' where 200 is wanted; redirects are not followed");
        }
        return answer.body();
    }

    /**
     * The answer, also where it is a refusal or a redirect. Blocks. The question is put once.
     *
     * @throws IOException there is none, in time or at all; the message is a clause that says why
     */
    public Answer ask(Question question, Permit permit) throws IOException {
        URI uri = question.uri();
        AtomicReference<Socket> socket = new AtomicReference<>(new Socket());
        Future<Answer> document = threads.submit(() -> exchange(question, permit, socket));
        try {
            return document.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(uri + " did not answer within " + patience.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RefusedAddressException refused) {
                throw refused;
            }
            throw new IOException(e.getCause() instanceof IOException known ? known.getMessage() : uri + " cannot be read: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the server stops", e);
        } finally {
            document.cancel(true);
            socket.get().close();
        }
    }

    private Answer exchange(Question question, Permit permit, AtomicReference<Socket> held) throws IOException {
        URI uri = question.uri();
        boolean https = "https".equalsIgnoreCase(uri.getScheme());
        if (!https && !"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw new IOException(uri + " is no https://HOST/PATH");
        }
        int port = uri.getPort() < 0 ? https ? 443 : 80 : uri.getPort();
        Socket plain = held.get();
        plain.connect(new InetSocketAddress(address(uri, https, permit), port));
        Socket socket = plain;
        if (https) {
            SSLSocket secure = (SSLSocket) tls.createSocket(plain, uri.getHost(), port, true);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            socket = secure;
        }
        socket.getOutputStream().write(bytes(question));
        socket.getOutputStream().flush();
        return answer(uri, new BufferedInputStream(socket.getInputStream()));
    }

    private static byte[] bytes(Question question) throws IOException {
        URI uri = question.uri();
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        byte[] body = question.body().getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(question.method() + " " + path + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()) + " HTTP/1.1\r\nHost: "
                + uri.getRawAuthority() + "\r\nAccept: application/json\r\nAccept-Encoding: identity\r\nUser-Agent: agent-runtime\r\nConnection: close\r\n");
        for (Map.Entry<String, String> header : question.headers().entrySet()) {
            if (!HEADER.matcher(header.getValue()).matches()) {
                throw new IOException("the header " + header.getKey() + " of the request to " + uri + " cannot be sent");
            }
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        if (body.length > 0) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        return all;
    }

    private InetAddress address(URI uri, boolean https, Permit permit) throws IOException {
        String host = uri.getHost();
        InetAddress[] all;
        try {
            all = InetAddress.getAllByName(host);
        } catch (IOException e) {
            throw new IOException("the host's resolver knows no " + host, e);
        }
        InetAddress address = Arrays.stream(all).filter(permit::allows).findFirst().orElseThrow(() -> new RefusedAddressException(host + " is "
                + Reach.of(all[0]).words() + ", which " + setting + " must name", all[0]));
        if (!https && Reach.of(address) == Reach.PUBLIC) {
            throw new IOException(uri + " is not https, which only an address may be without that is not public");
        }
        return address;
    }

    private static Answer answer(URI uri, InputStream in) throws IOException {
        byte[] head = new byte[MOST_HEAD];
        int length = 0;
        while (!ends(head, length)) {
            int one = length < MOST_HEAD ? in.read() : -1;
            if (one < 0) {
                throw new IOException("the answer of " + uri + " has no head, or a large one");
            }
            head[length++] = (byte) one;
        }
        String[] lines = new String(head, 0, length, StandardCharsets.ISO_8859_1).split("\r?\n");
        Matcher status = STATUS.matcher(lines[0]);
        if (!status.matches()) {
            throw new IOException(uri + " answers 'no HTTP' where 200 is wanted; redirects are not followed");
        }
        Optional<String> type = Optional.empty();
        long announced = -1;
        boolean chunked = false;
        for (String line : lines) {
            String small = line.toLowerCase(Locale.ROOT);
            Matcher stated = LENGTH.matcher(small);
            if (small.startsWith(TYPE)) {
                type = Optional.of(line.substring(TYPE.length()).strip());
            }
            if (stated.matches()) {
                announced = Long.parseLong(stated.group(1));
            } else if (CHUNKED.matcher(small).matches()) {
                chunked = true;
            } else if (small.startsWith("transfer-encoding:") || small.startsWith("content-encoding:")) {
                throw new IOException("the answer of " + uri + " is encoded, though nobody asked for that: " + small);
            }
        }
        return new Answer(Integer.parseInt(status.group(1)), type, chunked ? chunks(uri, in) : body(uri, in, announced));
    }

    private static boolean ends(byte[] head, int length) {
        return length >= 2 && head[length - 1] == '\n'
                && (head[length - 2] == '\n' || length >= 4 && head[length - 2] == '\r' && head[length - 3] == '\n');
    }

    /** @param announced the length that the head states; negative where it states none */
    private static String body(URI uri, InputStream in, long announced) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[8_192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            body.write(buffer, 0, read);
            if (body.size() > MOST_BYTES) {
                throw tooLarge(uri);
            }
            if (body.size() == announced) {
                break;
            }
        }
        if (announced >= 0 && body.size() != announced) {
            throw new IOException("the answer of " + uri + " breaks off");
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    private static String chunks(URI uri, InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = size(uri, in); size > 0; size = size(uri, in)) {
            byte[] chunk = in.readNBytes(size);
            body.write(chunk);
            if (chunk.length < size || !line(uri, in).isEmpty()) {
                throw new IOException("the answer of " + uri + " breaks off");
            }
            if (body.size() > MOST_BYTES) {
                throw tooLarge(uri);
            }
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    private static int size(URI uri, InputStream in) throws IOException {
        Matcher size = CHUNK.matcher(line(uri, in));
        if (!size.matches()) {
            throw new IOException("the answer of " + uri + " is in chunks of which one has no size");
        }
        int bytes = Integer.parseInt(size.group(1), 16);
        if (bytes > MOST_BYTES) {
            throw tooLarge(uri);
        }
        return bytes;
    }

    private static String line(URI uri, InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int one = in.read(); one != '\n'; one = in.read()) {
            if (one < 0 || line.length() >= MOST_LINE) {
                throw new IOException("the answer of " + uri + " breaks off, or has a long line between its chunks");
            }
            line.append((char) one);
        }
        return line.toString().stripTrailing();
    }

    private static IOException tooLarge(URI uri) {
        return new IOException("the answer of " + uri + " has more than " + MOST_BYTES + " bytes");
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

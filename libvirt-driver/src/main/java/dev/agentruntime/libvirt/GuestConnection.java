package dev.agentruntime.libvirt;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Subject;
import dev.agentruntime.channel.HostLink;
import dev.agentruntime.channel.MuxStream;
import dev.agentruntime.channel.Targets;
import dev.agentruntime.spi.VmException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connection to the agent in a guest that has no session yet, for small requests, one after the other, on the way that a
 * session's requests go. Not thread-safe; the methods block, and throw VmException without an answer.
 */
final class GuestConnection implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MOST_BYTES = 64 * 1024;
    private static final int PIECE = 64 * 1024;
    private static final Pattern STATUS = Pattern.compile("http/1\\.1 (\\d{3}) ");
    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d{1,9})\r\n");

    private final MuxStream stream;
    private final String vm;
    private final Duration limit;

    GuestConnection(HostLink link, String vm) {
        this(link, vm, LIMIT);
    }

    /** @param limit for each answer */
    GuestConnection(HostLink link, String vm, Duration limit) {
        this.vm = vm;
        this.limit = limit;
        try {
            stream = link.open(Targets.AGENT);
        } catch (IOException e) {
            throw noAnswer(e);
        }
    }

    /** The head of an answer, in small letters; nobody asked for more of it. */
    record Answer(String head) {

        int status() {
            Matcher status = STATUS.matcher(head);
            return status.lookingAt() ? Integer.parseInt(status.group(1)) : 0;
        }

        boolean has(String header) {
            return head.contains("\r\n" + header.toLowerCase(Locale.ROOT) + ":");
        }
    }

    Answer get(String path) {
        return exchange("GET " + path + " HTTP/1.1\r\nHost: localhost:8080\r\n\r\n");
    }

    /**
     * With the headers that every invocation has.
     *
     * @param more further header lines, each with its end of line
     */
    Answer post(String path, String more, String json) {
        return exchange("POST " + path + " HTTP/1.1\r\nHost: localhost:8080\r\n" + more
                + "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: warm-up\r\n"
                + "X-Amzn-Bedrock-AgentCore-Runtime-Request-Id: warm-up\r\nX-Agent-Runtime-Caller-Issuer: warm%2Dup\r\n"
                + "X-Agent-Runtime-Caller-Subject: warm%2Dup\r\nAccept: */*\r\nAccept-Encoding: identity\r\n"
                + "User-Agent: warm-up\r\nContent-Type: application/json\r\nContent-Length: " + json.length() + "\r\n\r\n" + json);
    }

    @Override
    public void close() {
        stream.close();
    }

    private Answer exchange(String request) {
        try {
            stream.output().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = stream.input(limit);
            long deadline = System.nanoTime() + limit.toNanos();
            String head = upTo("\r\n\r\n", in).toLowerCase(Locale.ROOT);
            skipBody(head, in, deadline);
            return new Answer(head);
        } catch (IOException | NumberFormatException e) {
            throw noAnswer(e);
        }
    }

    /** @param deadline in nanoseconds of {@link System#nanoTime()}: a body may come so fast that no read ever waits, and without end */
    static void skipBody(String head, InputStream in, long deadline) throws IOException {
        Matcher length = LENGTH.matcher(head);
        if (length.find()) {
            skip(Long.parseLong(length.group(1)), in, deadline);
        } else if (head.contains("\r\ntransfer-encoding: chunked\r\n")) {
            skipChunks(in, deadline);
        }
    }

    private static void skipChunks(InputStream in, long deadline) throws IOException {
        long size;
        do {
            size = Long.parseUnsignedLong(upTo("\r\n", in).split("[;\r]")[0], 16);
            if (size < 0) {
                throw new EOFException("a chunk is larger than there can be");
            }
            skip(size, in, deadline);
            in.skipNBytes("\r\n".length());
        } while (size > 0);
    }

    private static void skip(long bytes, InputStream in, long deadline) throws IOException {
        long left = bytes;
        do {
            if (System.nanoTime() - deadline > 0) {
                throw new SocketTimeoutException("the answer did not end in time");
            }
            long piece = Math.min(left, PIECE);
            in.skipNBytes(piece);
            left -= piece;
        } while (left > 0);
    }

    private static String upTo(String end, InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String text = "";
        while (!text.endsWith(end)) {
            int next = in.read();
            if (next < 0 || bytes.size() == MOST_BYTES) {
                throw new EOFException("the answer ended after " + bytes.size() + " bytes without an end of line");
            }
            bytes.write(next);
            text = next == '\n' ? bytes.toString(StandardCharsets.ISO_8859_1) : "";
        }
        return text;
    }

    private VmException noAnswer(Exception e) {
        return new VmException("The agent in the VM " + vm + " did not answer while it was warmed up: " + GuestText.sentence(e.toString()), e);
    }
}

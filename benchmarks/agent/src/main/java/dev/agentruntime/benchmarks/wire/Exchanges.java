package dev.agentruntime.benchmarks.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is measured, the same from outside a VM and from within it. Each method blocks until its last answer is there. */
public final class Exchanges {

    /** Tells the benchmark agent what to do; a header that the platform passes on. */
    public static final String ORDER = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Order";

    private static final int PIECE = 64 << 10;
    private static final byte[] QUESTION = "{\"prompt\": \"Ada\"}".getBytes(StandardCharsets.UTF_8);

    private final RawHttp http;
    private final String path;
    private final Map<String, String> headers;

    /** @param headers sent with each request, besides the order */
    public Exchanges(RawHttp http, String path, Map<String, String> headers) {
        this.http = http;
        this.path = path;
        this.headers = Map.copyOf(headers);
    }

    /**
     * Nanoseconds of each of {@code count} small requests, one after the other.
     *
     * @param pauseMillis before each of them; 0 for none
     */
    public List<Long> echoes(int count, int pauseMillis) throws IOException {
        List<Long> nanos = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            pause(pauseMillis);
            RawHttp.Whole answer = http.post(path, with("echo"), QUESTION);
            check(answer.status(), "echo");
            nanos.add(answer.totalNanos());
        }
        return nanos;
    }

    /** Nanoseconds until so many bytes have been sent and the agent has said that it has them all. */
    public long upload(long bytes) throws IOException {
        long begun = System.nanoTime();
        RawHttp.Answer answer = http.post(path, with("sink"), bytes, new Zeros(bytes));
        String counted = new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
        check(answer.status(), "sink");
        if (!counted.equals(Long.toString(bytes))) {
            throw new IOException("Of " + bytes + " bytes sent, the agent counted " + counted);
        }
        return System.nanoTime() - begun;
    }

    /** Nanoseconds until so many bytes have been asked for and received. */
    public long download(long bytes) throws IOException {
        long begun = System.nanoTime();
        RawHttp.Answer answer = http.post(path, with("source " + bytes), 0, InputStream.nullInputStream());
        check(answer.status(), "source");
        byte[] piece = new byte[PIECE];
        long received = 0;
        for (int count = answer.body().read(piece); count >= 0; count = answer.body().read(piece)) {
            received += count;
        }
        if (received != bytes) {
            throw new IOException("Of " + bytes + " bytes asked for, " + received + " came");
        }
        return System.nanoTime() - begun;
    }

    /** When each event was made by the agent's wall clock and when it came by the caller's, in microseconds. */
    public record Arrival(long madeMicros, long cameMicros) {}

    /** The arrivals of so many server-sent events, made at this pace. */
    public List<Arrival> events(int count, int paceMillis) throws IOException {
        RawHttp.Answer answer = http.post(
                path, with("events " + count + " " + paceMillis), 0, InputStream.nullInputStream());
        check(answer.status(), "events");
        List<Arrival> arrivals = new ArrayList<>(count);
        while (arrivals.size() < count) {
            String line = Lines.next(answer.body());
            long cameMicros = nowMicros();
            if (!line.startsWith("data:")) {
                throw new IOException("After " + arrivals.size() + " events came no event but '" + line + "'");
            }
            arrivals.add(new Arrival(Long.parseLong(line.substring("data:".length()).strip()), cameMicros));
            Lines.next(answer.body());
        }
        answer.body().readAllBytes();
        return arrivals;
    }

    /** The agent's answer to an order, as text. */
    public String ask(String order) throws IOException {
        return whole(order).text();
    }

    /** The agent's answer to an order, with its times. */
    public RawHttp.Whole whole(String order) throws IOException {
        RawHttp.Whole answer = http.post(path, with(order), new byte[0]);
        check(answer.status(), order + ": " + answer.text());
        return answer;
    }

    /** The wall clock. */
    public static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    static void pause(int millis) throws InterruptedIOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted between two requests");
        }
    }

    private Map<String, String> with(String order) {
        Map<String, String> all = new HashMap<>(headers);
        all.put(ORDER, order);
        all.put("Content-Type", "application/octet-stream");
        return all;
    }

    private static void check(int status, String what) throws IOException {
        if (status != 200) {
            throw new IOException("Status " + status + " instead of 200 for " + what);
        }
    }
}

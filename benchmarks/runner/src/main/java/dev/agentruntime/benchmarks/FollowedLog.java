package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.Exchanges.Arrival;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A session's log as it comes: a thread of its own reads it, so that a line's arrival is known whatever its reader does meanwhile. */
final class FollowedLog implements AutoCloseable {

    private static final Pattern MARK = Pattern.compile("\"time\":\"([^\"]+)\".*\"text\":\"mark (\\d+)\"");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * When a line was printed and when the guest's supervisor had it, by the guest's wall clock, and when it came, by ours. The supervisor's
     * time is in whole milliseconds.
     */
    record Mark(long printedMicros, long heldMicros, long cameMicros) {

        Arrival arrival() {
            return new Arrival(printedMicros, cameMicros);
        }

        /** How long the line was on its way within the guest. */
        long heldAfterNanos() {
            return Math.max(0, heldMicros - printedMicros) * 1000;
        }
    }

    private final InputStream body;
    /** Empty for the log's end. */
    private final BlockingQueue<Optional<Mark>> marks = new LinkedBlockingQueue<>();
    private volatile String end = "the log ended";

    FollowedLog(InputStream body) {
        this.body = body;
        Thread reader = new Thread(this::read, "followed-log");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                long came = Exchanges.nowMicros();
                Matcher mark = MARK.matcher(line);
                if (mark.find()) {
                    long held = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(mark.group(1)));
                    marks.add(Optional.of(new Mark(Long.parseLong(mark.group(2)), held, came)));
                }
            }
        } catch (IOException e) {
            end = e.toString();
        }
        marks.add(Optional.empty());
    }

    /** The next lines that tell when the agent has printed them. Blocks. */
    List<Mark> marks(int count) throws IOException {
        List<Mark> next = new ArrayList<>();
        try {
            while (next.size() < count) {
                Optional<Mark> mark = marks.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                if (mark == null || mark.isEmpty()) {
                    throw new EOFException("Of " + count + " lines " + next.size() + " came: " + (mark == null ? "no more within " + PATIENCE : end));
                }
                next.add(mark.get());
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for a line of the log", e);
        }
    }

    /** How many lines have come that were not asked for yet. */
    int waiting() {
        return marks.size();
    }

    /** Closes what is below the reader, whose lock its thread holds while it waits for a line. */
    @Override
    public void close() throws IOException {
        body.close();
    }
}

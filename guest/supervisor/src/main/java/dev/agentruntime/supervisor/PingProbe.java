package dev.agentruntime.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Asks the agent how it is, with the ping of the AgentCore contract. Thread-safe. */
final class PingProbe {
    static final String STANDARD = "/ping";

    private static final Pattern PATH = Pattern.compile("/[!$-~]{0,255}");
    private static final int MAX_BODY = 4096;

    private final URI agent;
    private volatile String path = STANDARD;

    /** @param agent without a path */
    PingProbe(URI agent) {
        this.agent = agent;
    }

    /** From now on asks there. @throws GuestException it is no path */
    void at(String other) {
        if (!PATH.matcher(other).matches()) {
            throw new GuestException("'" + other + "' is no path of a WAR.");
        }
        path = other;
    }

    String path() {
        return path;
    }

    /**
     * One GET. Blocks.
     *
     * @throws IOException no answer within {@code timeout} or no connection
     */
    Answer ask(Duration timeout) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) URI.create(agent + path).toURL().openConnection();
        int millis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis()));
        connection.setConnectTimeout(millis);
        connection.setReadTimeout(millis);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            int status = connection.getResponseCode();
            if (status < 0) {
                throw new IOException("what came back is not HTTP");
            }
            InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
            try (InputStream in = body == null ? InputStream.nullInputStream() : body) {
                return new Answer(status, beginning(in, deadline));
            }
        } finally {
            connection.disconnect();
        }
    }

    /** The timeout of the connection is one for each read: a body that trickles would never end. */
    private static byte[] beginning(InputStream in, long deadline) throws IOException {
        byte[] buffer = new byte[MAX_BODY];
        int length = 0;
        int count = in.read(buffer);
        while (count >= 0 && length + count < MAX_BODY) {
            length += count;
            if (System.nanoTime() - deadline > 0) {
                throw new SocketTimeoutException("the body did not end in time");
            }
            count = in.read(buffer, length, MAX_BODY - length);
        }
        return Arrays.copyOf(buffer, length + Math.max(0, count));
    }

    /** What came back, its body up to 4 KiB. */
    record Answer(int status, byte[] body) {

        /** Status 200 is all that the contract asks for: the host goes by the same rule, whatever the body says. */
        boolean isAlive() {
            return status == 200;
        }

        /** Whether asking again may help: an agent that is still starting says 503 or the like, never "moved" or "forbidden". */
        boolean isFinal() {
            return status >= 300 && status < 500 && status != 408 && status != 425 && status != 429;
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8).strip();
        }

        /** The first line of the body, for a message. */
        String summary() {
            String line = text().lines().findFirst().orElse("");
            return line.length() <= 200 ? line : line.substring(0, 200) + "…";
        }
    }
}

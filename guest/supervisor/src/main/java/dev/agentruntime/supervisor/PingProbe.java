package dev.agentruntime.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** Asks the agent how it is, with the ping of the AgentCore contract. */
final class PingProbe {
    private static final int MAX_BODY = 4096;

    private final URI ping;

    PingProbe(URI ping) {
        this.ping = ping;
    }

    /**
     * One GET. Blocks.
     *
     * @throws IOException no answer within {@code timeout} or no connection
     */
    Answer ask(Duration timeout) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) ping.toURL().openConnection();
        int millis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis()));
        connection.setConnectTimeout(millis);
        connection.setReadTimeout(millis);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        try {
            int status = connection.getResponseCode();
            String type = connection.getContentType();
            InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
            try (InputStream in = body == null ? InputStream.nullInputStream() : body) {
                return new Answer(status, type == null ? "" : type, in.readNBytes(MAX_BODY));
            }
        } finally {
            connection.disconnect();
        }
    }

    /** What came back. */
    record Answer(int status, String contentType, byte[] body) {

        /** 200 with JSON: that is all the contract asks for. */
        boolean isHealthy() {
            return status == 200 && (contentType.toLowerCase(Locale.ROOT).contains("json") || text().startsWith("{"));
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

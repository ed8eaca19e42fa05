package dev.agentruntime.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Sends an agent that offers it requests which go the way of an invocation without reaching the agent's own code, so
 * that no session pays for loading and compiling that way.
 */
final class WarmUp {
    static final String ASKED = "X-Agent-Runtime-Warm-Up";

    private static final int ROUNDS = 10;
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

    private final URI invocations;

    WarmUp(URI invocations) {
        this.invocations = invocations;
    }

    /** Blocks for some seconds. An agent that refuses the requests is none the worse: it is colder. */
    void run() {
        for (int round = 0; round < ROUNDS; round++) {
            try {
                send();
            } catch (IOException e) {
                System.out.println("supervisor: warming up ended early: " + e);
                return;
            }
        }
    }

    private void send() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) invocations.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty(ASKED, "1");
        connection.setRequestProperty("Content-Type", "application/json");
        try {
            try (OutputStream out = connection.getOutputStream()) {
                out.write(BODY);
            }
            try (InputStream in = connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                if (in != null) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
            }
        } finally {
            connection.disconnect();
        }
    }
}

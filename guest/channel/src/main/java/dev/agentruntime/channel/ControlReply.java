package dev.agentruntime.channel;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * An answer with its whole body.
 *
 * @param head {@code ok} or {@code error}
 * @param body text in UTF-8, such as log lines; at most 1 MiB
 */
public record ControlReply(ControlMessage head, byte[] body) {

    /** Largest body of an answer, in bytes. */
    public static final int MAX_BODY = 1024 * 1024;

    public boolean isOk() {
        return head.verb().equals(ControlMessage.OK);
    }

    /** What went wrong; empty when nothing did. */
    public String message() {
        return head.field("message").orElse("");
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Writes head and body; the head's {@code length} is set from the body. */
    public void writeTo(OutputStream out) throws IOException {
        throw new UnsupportedOperationException();
    }
}

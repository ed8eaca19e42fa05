package dev.agentruntime.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

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

    /** The body as it came. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The body's lines, fit for a log: without colours and control characters; empty lines are left out. */
    public List<String> lines() {
        return text().lines().map(line -> PlainText.of(line).stripTrailing()).filter(line -> !line.isEmpty()).toList();
    }

    /** As {@link #readFrom(InputStream, int)} with the largest body there is. */
    public static ControlReply readFrom(InputStream in) throws IOException {
        return readFrom(in, MAX_BODY);
    }

    /**
     * Reads an answer and its body. Blocks.
     *
     * @param mostBody how many bytes of body are taken
     * @throws IOException reading failed, or what was read is no answer or is over its bounds
     */
    public static ControlReply readFrom(InputStream in, int mostBody) throws IOException {
        ControlMessage head = ControlMessage.readFrom(in);
        if (!head.verb().equals(ControlMessage.OK) && !head.verb().equals(ControlMessage.ERROR)) {
            throw new IOException("a control answer is neither 'ok' nor 'error' but '" + head.verb() + "'");
        }
        if (head.length() > mostBody) {
            throw new IOException("a control answer has a body of " + head.length() + " bytes, more than " + mostBody);
        }
        return new ControlReply(head, head.body(in).readAllBytes());
    }

    /** Writes head and body; the head's {@code length} is set from the body. */
    public void writeTo(OutputStream out) throws IOException {
        head.withLength(body.length).writeTo(out);
        out.write(body);
    }
}

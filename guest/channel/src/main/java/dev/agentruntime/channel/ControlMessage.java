package dev.agentruntime.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;

/**
 * The head of a control request or answer: a verb and some fields. On the wire: the verb's line, a {@code key=value}
 * line for each field (the value percent-encoded UTF-8), an empty line, then a body of as many bytes as the field
 * {@code length} says. Immutable.
 */
public final class ControlMessage {

    /** The verb of a good answer. */
    public static final String OK = "ok";

    /** The verb of a bad answer; the field {@code message} says what went wrong. */
    public static final String ERROR = "error";

    private ControlMessage() {
    }

    /** A message without fields. Verbs and keys are ASCII letters, digits, '-' and '.', 1 to 64 of them. */
    public static ControlMessage of(String verb) {
        throw new UnsupportedOperationException();
    }

    /** A bad answer. */
    public static ControlMessage error(String message) {
        return of(ERROR).with("message", message);
    }

    /** This message with one more field, or with another value of a field it has. */
    public ControlMessage with(String key, String value) {
        throw new UnsupportedOperationException();
    }

    /** This message announcing a body of {@code length} bytes. */
    public ControlMessage withLength(long length) {
        return with("length", Long.toString(length));
    }

    public String verb() {
        throw new UnsupportedOperationException();
    }

    public Map<String, String> fields() {
        throw new UnsupportedOperationException();
    }

    public Optional<String> field(String key) {
        return Optional.ofNullable(fields().get(key));
    }

    /** The body's length in bytes, 0 when none was announced. */
    public long length() {
        throw new UnsupportedOperationException();
    }

    /**
     * Writes the head; the body is the caller's to write after it.
     *
     * @throws IOException writing failed, or the head is over its bounds (8 KiB, 64 fields)
     */
    public void writeTo(OutputStream out) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads a head and nothing behind it. Blocks.
     *
     * @throws IOException reading failed, or what was read is no message or is over its bounds (8 KiB, 64 fields)
     */
    public static ControlMessage readFrom(InputStream in) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The announced body as a stream that ends after {@link #length()} bytes and fails when {@code in} ends earlier. */
    public InputStream body(InputStream in) {
        throw new UnsupportedOperationException();
    }
}

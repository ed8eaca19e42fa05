package dev.agentruntime.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The head of a control request or answer: a verb and some fields. On the wire: the verb's line, a {@code key=value}
 * line for each field (the value percent-encoded UTF-8), an empty line, then a body of as many bytes as the field
 * {@code length} says. A message that was read has no control characters in its values: each has become a space.
 * Immutable.
 *
 * @param verb what is asked for, or how the answer is; 1 to 64 ASCII letters, digits, '-' and '.'
 * @param fields at most 64 of them; a key looks like a verb, a value is any text; keeps its order
 */
public record ControlMessage(String verb, Map<String, String> fields) {

    /** The verb of a good answer. */
    public static final String OK = "ok";

    /** The verb of a bad answer; the field {@code message} says what went wrong. */
    public static final String ERROR = "error";

    /** The most fields a message has. */
    public static final int MAX_FIELDS = 64;

    private static final String LENGTH = "length";
    private static final int LONGEST_COMPLAINT = 800;
    private static final int LONGEST_QUOTE = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9.-]{1,64}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    /** @throws IllegalArgumentException a name or the length is malformed, or there are too many fields */
    public ControlMessage {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        require(NAME.matcher(verb).matches(), "the verb is not a name", verb);
        require(fields.size() <= MAX_FIELDS, "there are more than " + MAX_FIELDS + " fields in the message", verb);
        fields.keySet().forEach(key -> require(NAME.matcher(key).matches(), "a field's key is not a name", key));
        String length = fields.getOrDefault(LENGTH, "0");
        require(NUMBER.matcher(length).matches(), "the body's length is not a number", length);
    }

    /** A message without fields. */
    public static ControlMessage of(String verb) {
        return new ControlMessage(verb, Map.of());
    }

    /** A bad answer; a very long message is cut. */
    public static ControlMessage error(String message) {
        String complaint = message.length() <= LONGEST_COMPLAINT ? message : message.substring(0, LONGEST_COMPLAINT) + "…";
        return of(ERROR).with("message", complaint);
    }

    /** This message with one more field, or with another value of a field it has. */
    public ControlMessage with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(fields);
        more.put(key, value);
        return new ControlMessage(verb, more);
    }

    /** This message announcing a body of {@code length} bytes. */
    public ControlMessage withLength(long length) {
        return with(LENGTH, Long.toString(length));
    }

    public Optional<String> field(String key) {
        return Optional.ofNullable(fields.get(key));
    }

    /** The body's length in bytes, 0 when none was announced. */
    public long length() {
        return Long.parseLong(fields.getOrDefault(LENGTH, "0"));
    }

    /**
     * Writes the head; the body is the caller's to write after it.
     *
     * @throws IOException writing failed, or the head is longer than 8 KiB
     */
    public void writeTo(OutputStream out) throws IOException {
        out.write(ControlHead.encode(this));
    }

    /**
     * Reads a head and nothing behind it. Blocks.
     *
     * @throws IOException reading failed, or what was read is no message or is over its bounds (8 KiB, 64 fields)
     */
    public static ControlMessage readFrom(InputStream in) throws IOException {
        return ControlHead.read(in);
    }

    /** The announced body as a stream that ends after {@link #length()} bytes and fails when {@code in} ends earlier. */
    public InputStream body(InputStream in) {
        return new BodyInput(in, length());
    }

    private static void require(boolean kept, String complaint, String what) {
        if (!kept) {
            String quoted = what.length() <= LONGEST_QUOTE ? what : what.substring(0, LONGEST_QUOTE) + "…";
            throw new IllegalArgumentException(complaint + ": '" + quoted + "'");
        }
    }
}

package dev.agentruntime.channel;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The bytes of a control message's head. */
final class ControlHead {

    static final int LONGEST = 8 * 1024;

    private ControlHead() {
    }

    static byte[] encode(ControlMessage message) throws IOException {
        StringBuilder head = new StringBuilder(message.verb()).append('\n');
        message.fields().forEach((key, value) -> {
            head.append(key).append('=');
            appendEncoded(head, value);
            head.append('\n');
        });
        head.append('\n');
        if (head.length() > LONGEST) {
            throw new IOException("the head of the control message '" + message.verb() + "' has " + head.length()
                    + " bytes, more than " + LONGEST + "; put what is long into the body");
        }
        return head.toString().getBytes(StandardCharsets.US_ASCII);
    }

    static ControlMessage read(InputStream in) throws IOException {
        int left = LONGEST;
        String verb = readLine(in, left);
        left -= verb.length() + 1;
        Map<String, String> fields = new LinkedHashMap<>();
        String line = readLine(in, left);
        while (!line.isEmpty()) {
            left -= line.length() + 1;
            int equals = line.indexOf('=');
            if (equals < 0) {
                throw malformed("a field has no '='");
            }
            if (fields.putIfAbsent(line.substring(0, equals), decode(line.substring(equals + 1))) != null) {
                throw malformed("a field comes twice");
            }
            if (fields.size() > ControlMessage.MAX_FIELDS) {
                throw malformed("it has more than " + ControlMessage.MAX_FIELDS + " fields");
            }
            line = readLine(in, left);
        }
        try {
            return new ControlMessage(verb, fields);
        } catch (IllegalArgumentException refused) {
            throw new IOException(malformed(refused.getMessage()).getMessage(), refused);
        }
    }

    private static String readLine(InputStream in, int most) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int left = most; left > 0; left--) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the stream ended within the head of a control message");
            }
            if (next == '\n') {
                return line.toString();
            }
            if (next < ' ' || next > '~') {
                throw malformed("it has a byte that is not printable ASCII: " + next);
            }
            line.append((char) next);
        }
        throw malformed("it is longer than " + LONGEST + " bytes");
    }

    private static void appendEncoded(StringBuilder target, String value) {
        for (byte next : value.getBytes(StandardCharsets.UTF_8)) {
            if (next > ' ' && next <= '~' && next != '%') {
                target.append((char) next);
            } else {
                target.append('%').append(Character.forDigit(next >> 4 & 0xf, 16)).append(Character.forDigit(next & 0xf, 16));
            }
        }
    }

    private static String decode(String encoded) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char next = encoded.charAt(i);
            if (next == '%') {
                boolean complete = i + 2 < encoded.length();
                int high = complete ? Character.digit(encoded.charAt(i + 1), 16) : -1;
                int low = complete ? Character.digit(encoded.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw malformed("a value has a broken percent code");
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.write(next);
            }
        }
        return PlainText.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString());
    }

    private static IOException malformed(String complaint) {
        return new IOException("malformed head of a control message: " + complaint);
    }
}

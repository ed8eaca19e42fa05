package dev.agentruntime.channel;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The first line of a stream: the name of what it wants to reach. */
final class TargetLine {

    private static final int LONGEST = 64;

    private TargetLine() {
    }

    static byte[] encode(String target) {
        if (target.isEmpty() || target.length() > LONGEST || !target.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("a target is 1 to " + LONGEST + " printable ASCII characters: '" + target + "'");
        }
        return (target + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    static String read(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next != '\n') {
            if (next < 0) {
                throw new EOFException("the stream ended before it had named its target");
            }
            if (line.length() == LONGEST) {
                throw new IOException("the stream names a target of more than " + LONGEST + " characters");
            }
            line.append((char) next);
            next = in.read();
        }
        return line.toString();
    }
}

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
        Assembly line = new Assembly();
        while (!line.takes(in.read())) {
            continue;
        }
        return line.target();
    }

    /** The line as it comes, byte by byte. Not thread-safe. */
    static final class Assembly {

        private final StringBuilder line = new StringBuilder();

        /** Takes one byte, or -1 for the stream's end; tells whether the line is complete. */
        boolean takes(int next) throws IOException {
            if (next == '\n' && line.length() > 0) {
                return true;
            }
            if (next < 0) {
                throw new EOFException("the stream ended before it had named its target");
            }
            if (next <= ' ' || next >= 0x7f) {
                throw new IOException("the stream names a target with the byte " + next + ", which is not printable ASCII");
            }
            if (line.length() == LONGEST) {
                throw new IOException("the stream names a target of more than " + LONGEST + " characters");
            }
            line.append((char) next);
            return false;
        }

        String target() {
            return line.toString();
        }
    }
}

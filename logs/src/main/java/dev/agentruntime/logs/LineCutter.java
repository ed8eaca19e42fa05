package dev.agentruntime.logs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts bytes into lines of UTF-8; malformed bytes become question marks. Keeps at most one line that has not ended. */
final class LineCutter {

    /** More than the longest line of a guest that keeps to the rules. */
    static final int LONGEST_BYTES = 32 * 1024;

    private byte[] rest = new byte[0];

    /**
     * The lines that {@code bytes} end.
     *
     * @throws GuestLogException a line has no end
     */
    List<String> lines(ByteBuffer bytes) {
        List<String> lines = new ArrayList<>();
        int begin = bytes.position();
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            if (bytes.get(i) == '\n') {
                lines.add(new String(joined(bytes, begin, i), StandardCharsets.UTF_8));
                rest = new byte[0];
                begin = i + 1;
            }
        }
        rest = joined(bytes, begin, bytes.limit());
        bytes.position(bytes.limit());
        return lines;
    }

    private byte[] joined(ByteBuffer bytes, int begin, int end) {
        if (rest.length + end - begin > LONGEST_BYTES) {
            throw new GuestLogException("a line is longer than " + LONGEST_BYTES + " bytes");
        }
        byte[] line = Arrays.copyOf(rest, rest.length + end - begin);
        bytes.get(begin, line, rest.length, end - begin);
        return line;
    }
}

package dev.agentruntime.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads lines of any length and keeps the beginning of each only: an agent may print without ever ending a line. */
final class LineReader implements AutoCloseable {
    private final Reader in;
    private final int longest;
    private final char[] read = new char[8192];
    private int position;
    private int filled;
    private boolean afterReturn;

    /** @param longest how many characters of a line are kept */
    LineReader(InputStream in, int longest) {
        this.in = new InputStreamReader(in, StandardCharsets.UTF_8);
        this.longest = longest;
    }

    /** The next line; empty at the end. */
    Optional<String> next() throws IOException {
        StringBuilder line = new StringBuilder();
        boolean any = false;
        while (position < filled || fill()) {
            int end = position;
            if (afterReturn) {
                afterReturn = false;
                if (read[position] == '\n') {
                    position++;
                    continue;
                }
            }
            while (end < filled && read[end] != '\n' && read[end] != '\r') {
                end++;
            }
            line.append(read, position, Math.min(end - position, longest - line.length()));
            any = true;
            position = end;
            if (end < filled) {
                afterReturn = read[end] == '\r';
                position++;
                return Optional.of(line.toString());
            }
        }
        return any ? Optional.of(line.toString()) : Optional.empty();
    }

    private boolean fill() throws IOException {
        position = 0;
        filled = Math.max(0, in.read(read));
        return filled > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

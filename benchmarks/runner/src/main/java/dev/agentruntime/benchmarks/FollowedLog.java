package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.Exchanges.Arrival;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A session's log as it comes. */
final class FollowedLog implements AutoCloseable {

    private static final Pattern MARK = Pattern.compile("\"text\":\"mark (\\d+)\"");

    private final BufferedReader in;

    FollowedLog(InputStream body) {
        in = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /** The next lines that tell when the agent has printed them. Blocks. */
    List<Arrival> marks(int count) throws IOException {
        List<Arrival> marks = new ArrayList<>();
        while (marks.size() < count) {
            String line = in.readLine();
            long came = Exchanges.nowMicros();
            if (line == null) {
                throw new EOFException("The log ended after " + marks.size() + " lines of " + count);
            }
            Matcher mark = MARK.matcher(line);
            if (mark.find()) {
                marks.add(new Arrival(Long.parseLong(mark.group(1)), came));
            }
        }
        return marks;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

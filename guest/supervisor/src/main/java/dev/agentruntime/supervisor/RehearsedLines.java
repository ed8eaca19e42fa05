package dev.agentruntime.supervisor;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Logger;

/**
 * Lines that Open Liberty's process prints in each of the ways in which agents do, so that the first line of a session finds its way
 * warm: through Liberty, the supervisor, the console and the channel. They are said before a session begins, and forgotten then.
 */
final class RehearsedLines {
    private static final String TEXT = "rehearsal: a line";
    /** Ends what is said. The host waits for it. */
    static final String LAST = "rehearsal: the last line";

    private static final Logger LOG = Logger.getLogger(RehearsedLines.class.getName());

    private RehearsedLines() {
    }

    static void print() {
        for (Runnable way : List.<Runnable>of(() -> System.out.println(TEXT), () -> LOG.info(TEXT), () -> System.err.println(TEXT))) {
            try {
                way.run();
            } catch (RuntimeException itsOwn) {
                // The agent has put something of its own there, and what that does with a line is the agent's matter.
                continue;
            }
        }
        straight(LAST + "\n");
    }

    /** Whatever the agent has made of System.out, this comes after what was printed before. */
    @SuppressWarnings("resource") // closing it would close the process's output
    private static void straight(String line) {
        try {
            new FileOutputStream(FileDescriptor.out).write(line.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("what Open Liberty prints goes nowhere", e);
        }
    }

    /** Whether a line of Open Liberty's output is one of these. */
    static boolean isOne(String line) {
        return line.endsWith(TEXT) || line.equals(LAST);
    }
}

package dev.agentruntime.supervisor;

import java.io.PrintStream;
import java.util.regex.Pattern;

/**
 * Prints the notable lines of Open Liberty's log on the guest's console, which is a file on the host: what the agent itself
 * has printed, warnings, errors, their stack traces. Each second has its share, so that an agent that prints without end
 * does not make the serial port its business. For one thread at a time.
 */
final class ConsoleEcho {
    private static final int LINES_A_SECOND = 50;
    private static final int STACK_LINES = 60;
    private static final int LONGEST = 400;
    private static final long SECOND = 1_000_000_000L;

    /** What the supervisor, the hygiene agent and a JVM that is about to end say. */
    private static final Pattern ALWAYS = Pattern.compile("supervisor:|\\[hygiene\\]|Terminating due to|# |OpenJDK");

    private final PrintStream console;
    private long second = System.nanoTime();
    private int printed;
    private int following;

    ConsoleEcho(PrintStream console) {
        this.console = console;
    }

    void line(String line) {
        if (RehearsedLines.isOne(line)) {
            rehearsed(line);
        } else if (ALWAYS.matcher(line).lookingAt()) {
            print(line);
        } else if (LogRecord.begins(line)) {
            following = LogRecord.isNotable(line) ? STACK_LINES : 0;
            if (following > 0) {
                print(line);
            }
        } else if (following > 0) {
            following--;
            print(line);
        }
    }

    /** The way to the console is rehearsed as well, and there is nothing to read. */
    private void rehearsed(String line) {
        if (line.equals(RehearsedLines.LAST)) {
            print("");
        }
    }

    private void print(String line) {
        long now = System.nanoTime();
        if (now - second >= SECOND) {
            second = now;
            printed = 0;
        }
        if (printed < LINES_A_SECOND) {
            console.println(line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…");
        } else if (printed == LINES_A_SECOND) {
            console.println("supervisor: more than " + LINES_A_SECOND + " lines a second; the rest of this second is left out here");
        }
        printed++;
    }
}

package dev.agentruntime.supervisor;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Writes lines of Open Liberty's log as the host reads them: number, time, level and text, with a space between them. A line that
 * goes on with what another began has that one's level. For one thread, and one log in its order.
 */
final class LogLines {
    /** The level of what neither Liberty nor the agent wrote: the supervisor, the JVM itself, native code. */
    private static final char NONE = '-';
    private static final Pattern MESSAGE_ID = Pattern.compile("[A-Z]{4,6}\\d{4}[A-Z]:.*");
    private static final Pattern GUEST = Pattern.compile("supervisor:|\\[hygiene\\]|Terminating due to java\\.|OpenJDK|# ");

    private char level = NONE;

    String encoded(LogRing.Line line) {
        Optional<LogRecord.Head> head = LogRecord.head(line.text());
        if (head.isPresent()) {
            level = head.get().level();
        } else if (GUEST.matcher(line.text()).lookingAt()) {
            level = NONE;
        }
        return line.number() + " " + line.epochMillis() + " " + level + " " + head.map(LogLines::text).orElse(line.text());
    }

    /** What the agent printed stands by itself, and so does a message with an id; other records need to be told by whom they are. */
    private static String text(LogRecord.Head head) {
        boolean clear = head.level() == 'O' || head.level() == 'R' || head.logger().isEmpty() || MESSAGE_ID.matcher(head.text()).matches();
        return clear ? head.text() : head.logger() + ": " + head.text();
    }
}

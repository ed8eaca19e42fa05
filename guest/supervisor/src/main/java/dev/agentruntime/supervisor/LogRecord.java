package dev.agentruntime.supervisor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One record of Open Liberty's log, with the lines that belong to it.
 *
 * @param level as Liberty writes it: E, W, A, I, O for what the agent printed to System.out, R for System.err
 * @param text the first line, without what Liberty puts in front of it
 * @param more the lines that followed: the rest of a message of several lines, a stack trace
 */
record LogRecord(char level, String text, List<String> more) {
    private static final Pattern BEGINNING = Pattern.compile("\\[[^\\]]{10,60}\\] [0-9a-f]{8} id=(.{10,90}?) ([A-Z]) (.*)");
    private static final Pattern SIMPLE = Pattern.compile("\\[(ERROR|WARNING|AUDIT|INFO|err) *\\] (.*)");
    private static final Pattern FRAME = Pattern.compile("\\s*(at [\\w.$/<>@-]+\\(.*\\)|\\.\\.\\. \\d+ more)");
    private static final String CAUSED_BY = "Caused by: ";

    /** Cuts lines into records; lines before the first one are left out. */
    static List<LogRecord> of(List<String> lines) {
        List<LogRecord> records = new ArrayList<>();
        for (String line : lines) {
            Optional<Head> head = head(line);
            if (head.isPresent()) {
                records.add(new LogRecord(head.get().level(), head.get().text(), new ArrayList<>()));
            } else if (!records.isEmpty()) {
                records.get(records.size() - 1).more.add(line);
            }
        }
        return records;
    }

    /**
     * What Liberty puts in front of a record's first line, and the rest of that line.
     *
     * @param logger who wrote it, as far as the line shows; may be empty
     */
    record Head(char level, String logger, String text) {
    }

    /** Empty for a line that begins no record. */
    static Optional<Head> head(String line) {
        if (!line.startsWith("[")) {
            return Optional.empty();
        }
        Matcher full = BEGINNING.matcher(line);
        if (full.matches()) {
            String before = full.group(1).strip();
            char level = full.group(2).charAt(0);
            return Optional.of(new Head(level, before.substring(before.lastIndexOf(' ') + 1), printed(level, full.group(3))));
        }
        Matcher simple = SIMPLE.matcher(line);
        return simple.matches()
                ? Optional.of(new Head(simple.group(1).equals("err") ? 'R' : simple.group(1).charAt(0), "", simple.group(2)))
                : Optional.empty();
    }

    /** Liberty's trace puts one more space in front of what the agent has printed. */
    private static String printed(char level, String text) {
        return (level == 'O' || level == 'R') && text.startsWith(" ") ? text.substring(1) : text;
    }

    /** Whether a line is one that people want to see: a warning, an error, or what the agent itself printed. */
    static boolean isNotable(String line) {
        return head(line).filter(head -> "EWAFOR".indexOf(head.level()) >= 0).isPresent();
    }

    static boolean begins(String line) {
        return head(line).isPresent();
    }

    /** The message, all its lines in one, without the frames of a stack trace and without what caused what. */
    String message() {
        StringBuilder message = new StringBuilder(text.strip());
        for (String line : more) {
            if (line.startsWith(CAUSED_BY) || FRAME.matcher(line).matches()) {
                break;
            }
            if (!line.isBlank() && message.indexOf(line.strip()) < 0) {
                message.append(' ').append(line.strip());
            }
        }
        return message.toString();
    }

    /** What a stack trace under this record says last about its cause; empty without one. */
    String deepestCause() {
        String cause = "";
        for (String line : more) {
            if (line.startsWith(CAUSED_BY)) {
                cause = line.substring(CAUSED_BY.length()).strip();
            }
        }
        return cause;
    }
}

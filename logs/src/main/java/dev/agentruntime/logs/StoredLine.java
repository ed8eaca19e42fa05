package dev.agentruntime.logs;

import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.LogLine.Severity;
import dev.agentruntime.api.LogLine.Source;
import java.time.Instant;
import java.util.Optional;

/** A line of a log as a line of a file: number, time, source and severity, each a word, and the text. */
final class StoredLine {

    private StoredLine() {}

    static String of(LogLine line) {
        return line.number() + " " + line.time().toEpochMilli() + " " + line.source() + " " + line.severity() + " " + line.text() + "\n";
    }

    /** Empty where somebody else has written into the file. */
    static Optional<LogLine> read(String stored) {
        String[] words = stored.split(" ", 5);
        try {
            return words.length < 5 ? Optional.empty() : Optional.of(new LogLine(Long.parseLong(words[0]),
                    Instant.ofEpochMilli(Long.parseLong(words[1])), Source.valueOf(words[2]), Severity.valueOf(words[3]), words[4]));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }
}

package dev.agentruntime.logs;

import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.LogLine.Severity;
import dev.agentruntime.api.LogLine.Source;
import java.time.Instant;

/** A line that has no number yet. Its text is fit for a log: what makes one goes through {@link LineText}. */
record Said(Instant time, Source source, Severity severity, String text) {

    Said {
        text = LineText.of(text);
    }

    /** What the platform has to tell those who read the log. */
    static Said byPlatform(Instant time, String text) {
        return new Said(time, Source.PLATFORM, Severity.INFO, text);
    }

    LogLine numbered(long number) {
        return new LogLine(number, time, source, severity, text);
    }
}

package dev.agentruntime.api;

import java.time.Duration;

/** Durations as Liberty's configuration writes them. */
public final class Durations {

    private Durations() {}

    /** Such as {@code 1h30m} or {@code 250ms}, down to whole milliseconds. */
    public static String text(Duration duration) {
        StringBuilder text = new StringBuilder();
        append(text, duration.toHours(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long amount, String unit) {
        if (amount > 0) {
            text.append(amount).append(unit);
        }
    }
}

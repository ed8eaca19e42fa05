package dev.agentruntime.agentctl;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** How things are written for people. */
final class Text {

    /** What could move a terminal's cursor, colour it, or make it do something; a tab does no harm. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069&&[^\\t]]");

    private Text() {}

    /** {@code text} on one line, without anything that a terminal would obey. */
    static String plain(String text) {
        return CONTROL.matcher(text).replaceAll(" ").strip();
    }

    /** The same, where line breaks stay: what an agent says may have lines. */
    static String lines(String text) {
        return text.lines().map(line -> CONTROL.matcher(line).replaceAll(" ")).reduce((a, b) -> a + "\n" + b).orElse("");
    }

    /** The same for a part of what is said: line breaks stay where they are. */
    static String harmless(String text) {
        return CONTROL.matcher(text).replaceAll(found -> found.group().equals("\n") ? "\n" : " ");
    }

    /** The two largest units. */
    static String time(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
        }
        if (seconds < 86_400) {
            return seconds / 3600 + "h" + (seconds % 3600 / 60 == 0 ? "" : seconds % 3600 / 60 + "m");
        }
        return seconds / 86_400 + "d" + (seconds % 86_400 / 3600 == 0 ? "" : seconds % 86_400 / 3600 + "h");
    }

    static String bytes(long bytes) {
        if (bytes < 1 << 10) {
            return bytes + " B";
        }
        if (bytes < 10 << 20) {
            return String.format(Locale.ROOT, "%.1f %s", bytes < 1 << 20 ? bytes / 1024.0 : bytes / 1048576.0, bytes < 1 << 20 ? "KiB" : "MiB");
        }
        return bytes / (1 << 20) + " MiB";
    }

    static String number(BigDecimal number) {
        return number.setScale(2, RoundingMode.HALF_UP).toPlainString();
    }
}

package dev.agentruntime.logs;

import dev.agentruntime.api.LogLine.Severity;
import dev.agentruntime.api.LogLine.Source;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line as a guest sends it. Nothing in it can be trusted.
 *
 * @param number by the guest's count
 * @param level  Liberty's, O for System.out, R for System.err, - for the guest's own
 */
record GuestLine(long number, long epochMillis, char level, String text) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,18}) (\\d{1,15}) ([A-Z0-9-]) (.*)", Pattern.DOTALL);
    private static final Pattern FIRST = Pattern.compile("from (\\d{1,18})");

    /** @throws GuestLogException it has another form */
    static GuestLine of(String line) {
        Matcher parts = FORM.matcher(line);
        if (!parts.matches()) {
            throw new GuestLogException("a line has not the form of one");
        }
        return new GuestLine(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)), parts.group(3).charAt(0), parts.group(4));
    }

    /** The number of the first line that follows, from the line that a guest begins with. */
    static long first(String line) {
        Matcher first = FIRST.matcher(line);
        if (!first.matches()) {
            throw new GuestLogException("it does not say with which line it begins");
        }
        return Long.parseLong(first.group(1));
    }

    /** The guest's time where it can be true, else {@code now}. */
    Said said(Instant begun, Instant now) {
        Instant time = Instant.ofEpochMilli(epochMillis);
        return new Said(time.isBefore(begun) || time.isAfter(now) ? now : time, source(), severity(), text);
    }

    private Source source() {
        return switch (level) {
            case 'O' -> Source.STDOUT;
            case 'R' -> Source.STDERR;
            case '-' -> Source.GUEST;
            default -> Source.MESSAGES;
        };
    }

    private Severity severity() {
        return switch (level) {
            case 'E', 'F' -> Severity.ERROR;
            case 'W', 'R' -> Severity.WARNING;
            default -> Severity.INFO;
        };
    }
}

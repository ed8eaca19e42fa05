package dev.agentruntime.supervisor;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in what Open Liberty has logged why a WAR did not start: the first that went wrong, not what came of it. */
final class FirstCause {
    /** The last word of a start that failed; what it quotes is a wrapper more often than not. */
    private static final Pattern OUTCOME = Pattern.compile("CWWKZ\\d{4}E: .*?(?:The exception message was: (.*))?", Pattern.DOTALL);
    private static final Pattern INCIDENT = Pattern.compile("FFDC1015I: An FFDC Incident has been created: \"(.*?)(?: com\\.ibm\\.\\S+ \\S+)?\" at ffdc.*", Pattern.DOTALL);
    private static final Pattern WRAPPER = Pattern.compile("(?:[\\w.$]+(?:Exception|Error): )(?=[\\w.$]+(?:Exception|Error)\\b)");
    private static final Pattern LIBERTY_PREFIX = Pattern.compile("^\\w+ (?=[A-Z]{4,5}\\d{4}[A-Z]: )");
    private static final List<String> EMPTY_WORDS = List.of("startWebApplication", "StateChangeException");
    private static final int LONGEST = 700;

    private FirstCause() {
    }

    /** A sentence for the person who deployed the WAR; empty when nothing went wrong, or nothing was said about it. */
    static Optional<String> in(List<String> lines) {
        List<LogRecord> records = LogRecord.of(lines);
        return error(records).or(() -> outcome(records)).or(() -> incident(records)).map(FirstCause::withAdvice);
    }

    private static Optional<String> error(List<LogRecord> records) {
        return records.stream().filter(record -> record.level() == 'E' && !OUTCOME.matcher(record.text()).matches()).findFirst()
                .map(record -> {
                    String message = plain(record.message());
                    String cause = plain(record.deepestCause());
                    return cause.isEmpty() || message.contains(cause) ? message : message + " (caused by " + cause + ")";
                });
    }

    private static Optional<String> outcome(List<LogRecord> records) {
        return records.stream().map(LogRecord::message).map(OUTCOME::matcher)
                .filter(Matcher::matches).map(matcher -> matcher.group(1) == null ? matcher.group() : matcher.group(1))
                .map(FirstCause::plain).filter(FirstCause::saysSomething).findFirst();
    }

    private static Optional<String> incident(List<LogRecord> records) {
        return records.stream().map(LogRecord::message).map(INCIDENT::matcher).filter(Matcher::matches)
                .map(matcher -> plain(matcher.group(1))).filter(FirstCause::saysSomething).findFirst();
    }

    private static boolean saysSomething(String text) {
        return !text.isBlank() && EMPTY_WORDS.stream().noneMatch(text::endsWith);
    }

    /** Without the exceptions that only wrap another one, and without Liberty's name for its method. */
    private static String plain(String text) {
        String plain = LIBERTY_PREFIX.matcher(WRAPPER.matcher(text).replaceAll("")).replaceFirst("").strip();
        return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "…";
    }

    private static String withAdvice(String cause) {
        return cause + Advice.on(cause).map(advice -> (cause.endsWith(".") ? " " : ". ") + advice).orElse("");
    }
}

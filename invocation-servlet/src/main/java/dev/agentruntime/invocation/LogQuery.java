package dev.agentruntime.invocation;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What of a log is asked for.
 *
 * @param lines  how many of the latest lines
 * @param form   as what
 * @param follow whether lines that come are sent, too
 * @param after  instead of {@code lines}: the number of the last line that the caller has seen
 */
record LogQuery(int lines, Form form, boolean follow, Optional<Long> after) {

    static final int MOST_LINES = 10_000;
    private static final int DEFAULT_LINES = 100;

    enum Form { JSON, TEXT }

    /** @throws RequestException a parameter cannot be used */
    static LogQuery of(HttpServletRequest request) {
        Optional<Long> after = Optional.ofNullable(request.getHeader("Last-Event-ID")).filter(id -> id.matches("\\d{1,18}")).map(Long::valueOf);
        return new LogQuery(lines(parameter(request, "lines", Integer.toString(DEFAULT_LINES))),
                oneOf("format", parameter(request, "format", preferred(request)), "json", "text") ? Form.JSON : Form.TEXT,
                oneOf("follow", parameter(request, "follow", "false"), "true", "false"), after);
    }

    private static String preferred(HttpServletRequest request) {
        String accept = Optional.ofNullable(request.getHeader("Accept")).orElse("").toLowerCase(Locale.ROOT);
        return accept.startsWith("text/plain") ? "text" : "json";
    }

    private static String parameter(HttpServletRequest request, String name, String otherwise) {
        return Optional.ofNullable(request.getParameter(name)).orElse(otherwise);
    }

    private static int lines(String text) {
        Optional<Integer> lines = Optional.of(text).filter(number -> number.matches("\\d{1,5}")).map(Integer::valueOf)
                .filter(number -> number <= MOST_LINES);
        return lines.orElseThrow(() -> new RequestException(Kind.VALIDATION,
                "The parameter lines must be a whole number from 0 to " + MOST_LINES));
    }

    /** Whether it is the first of the two words. */
    private static boolean oneOf(String name, String text, String first, String second) {
        if (!List.of(first, second).contains(text)) {
            throw new RequestException(Kind.VALIDATION, "The parameter " + name + " must be " + first + " or " + second);
        }
        return text.equals(first);
    }
}

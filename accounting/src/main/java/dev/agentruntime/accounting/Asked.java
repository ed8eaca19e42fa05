package dev.agentruntime.accounting;

import dev.agentruntime.accounting.InvocationPage.Mark;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.api.Subject;
import dev.agentruntime.store.UsageQuery;
import dev.agentruntime.store.UsageQuery.By;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A request for usage.
 *
 * @param query which usage
 * @param form  how it is to be written
 */
record Asked(UsageQuery query, Form form) {

    private static final int USUAL_PAGE = 100;
    private static final int LONGEST_PAGE = 1000;
    private static final Set<String> KNOWN_OF_INVOCATIONS = Set.of("agent", "session", "subject", "issuer", "from", "to", "format", "maxResults", "nextToken");

    /** How usage is written. */
    enum Form { JSON, CSV }

    private static final int USUAL_DAYS = 30;
    private static final Set<String> KNOWN = Set.of("by", "agent", "subject", "issuer", "from", "to", "format");
    private static final LocalDate EARLIEST = LocalDate.of(2000, 1, 1);
    private static final LocalDate LATEST = LocalDate.of(9999, 12, 31);

    /**
     * @param today in UTC
     * @throws RequestException it cannot be understood, or asks for what is another's
     */
    static Asked of(Request request, LocalDate today) {
        check(request, KNOWN);
        Days days = days(request, today);
        return new Asked(new UsageQuery(by(request), first(request, "agent"), subject(request, request.caller()), days.from(), days.to()), form(request));
    }

    /**
     * A request for invocations, one by one.
     *
     * @param today in UTC
     * @throws RequestException it cannot be understood, or asks for what is another's
     */
    static InvocationPage page(Request request, LocalDate today) {
        check(request, KNOWN_OF_INVOCATIONS);
        Days days = days(request, today);
        Optional<Mark> after = first(request, "nextToken").map(token -> Mark.of(token).orElseThrow(() -> wrong("nextToken is none that an answer had")));
        return new InvocationPage(first(request, "agent"), first(request, "session"), subject(request, request.caller()), days.from(), days.to(), after,
                first(request, "maxResults").map(Asked::most).orElse(USUAL_PAGE));
    }

    private static int most(String text) {
        if (!text.matches("[1-9][0-9]{0,3}") || Integer.parseInt(text) > LONGEST_PAGE) {
            throw wrong("maxResults must be a whole number from 1 to " + LONGEST_PAGE);
        }
        return Integer.parseInt(text);
    }

    private static void check(Request request, Set<String> known) {
        Set<String> unknown = new TreeSet<>(request.query().keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw wrong("there is no parameter " + unknown.iterator().next() + "; there are " + new TreeSet<>(known));
        }
    }

    private record Days(LocalDate from, LocalDate to) {}

    private static Days days(Request request, LocalDate today) {
        LocalDate to = day(request, "to", today);
        LocalDate from = day(request, "from", to.minusDays(USUAL_DAYS));
        if (from.isAfter(to)) {
            throw wrong("from is after to");
        }
        return new Days(from, to);
    }

    private static Set<By> by(Request request) {
        Set<By> by = EnumSet.noneOf(By.class);
        String words = first(request, "by").orElse("agent");
        for (String word : words.equals("none") ? new String[0] : words.split(",", -1)) {
            by.add(Arrays.stream(By.values()).filter(one -> one.name().toLowerCase(Locale.ROOT).equals(word)).findFirst()
                    .orElseThrow(() -> wrong("by must be none, or some of session, agent, subject and day with commas between them")));
        }
        return by;
    }

    /** An administrator sees everybody's, others their own. */
    private static Optional<Subject> subject(Request request, Caller caller) {
        Optional<Subject> named = first(request, "subject")
                .map(name -> new Subject(first(request, "issuer").orElse(caller.subject().issuer()), name));
        if (named.isEmpty() && request.query().containsKey("issuer")) {
            throw wrong("issuer says whose the subject is and needs one");
        }
        if (caller.admin()) {
            return named;
        }
        if (named.filter(other -> !other.equals(caller.subject())).isPresent()) {
            throw new RequestException(Kind.FORBIDDEN, "What others have used is for administrators; leave subject out to see your own");
        }
        return Optional.of(caller.subject());
    }

    static Form form(Request request) {
        String asked = first(request, "format").orElseGet(() ->
                request.header().get("accept").filter(types -> types.toLowerCase(Locale.ROOT).contains("text/csv")).map(types -> "csv").orElse("json"));
        return switch (asked) {
            case "json" -> Form.JSON;
            case "csv" -> Form.CSV;
            default -> throw wrong("format must be json or csv");
        };
    }

    private static LocalDate day(Request request, String name, LocalDate otherwise) {
        try {
            LocalDate day = first(request, name).map(LocalDate::parse).orElse(otherwise);
            if (day.isBefore(EARLIEST) || day.isAfter(LATEST)) {
                throw wrong(name + " must lie between " + EARLIEST + " and " + LATEST);
            }
            return day;
        } catch (DateTimeParseException notADay) {
            throw wrong(name + " must be a day such as 2026-01-31");
        }
    }

    private static Optional<String> first(Request request, String name) {
        List<String> values = request.query().getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw wrong("the parameter " + name + " is there twice");
        }
        return values.stream().findFirst().filter(text -> !text.isEmpty());
    }

    private static RequestException wrong(String why) {
        return new RequestException(Kind.VALIDATION, "The usage was not read: " + why);
    }
}

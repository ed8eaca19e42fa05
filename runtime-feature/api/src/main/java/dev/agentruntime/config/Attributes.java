package dev.agentruntime.config;

import dev.agentruntime.api.Durations;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The attributes of one element of server.xml, with units, as Liberty hands them to a component. A value that cannot be used is
 * added to the problems and replaced by the default; no method throws for what somebody wrote. Read each attribute once, or its
 * problem is told twice. Not thread-safe.
 */
public final class Attributes {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})\\s*([kmgt])(?:i?b)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern DECIMAL = Pattern.compile("\\d{1,9}(?:\\.\\d{1,12})?");
    private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|d|h|m|s)");
    private static final Pattern DURATION = Pattern.compile("(?:\\d{1,9}(?:ms|d|h|m|s))+");

    /** What counts in nanoseconds overflows at three times that; whoever means "never" can write it. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final String element;
    private final String prefix;
    private final Map<String, Object> properties;
    private final List<String> problems;
    private final boolean strict;

    private Attributes(String element, String prefix, Map<String, Object> properties, List<String> problems, boolean strict) {
        this.element = element;
        this.prefix = prefix;
        this.properties = properties;
        this.problems = problems;
        this.strict = strict;
    }

    /**
     * The attributes of a component's own element.
     *
     * @param element    its name, for problems
     * @param properties as the component got them
     */
    public static Attributes of(String element, Map<String, Object> properties) {
        return new Attributes(element, "", properties, new ArrayList<>(), false);
    }

    /**
     * The elements of that name in this one, in their order, where the metatype has them as {@code ibm:flat}. Problems name them
     * by their attribute {@code name}, and are collected with those of this element.
     */
    public List<Attributes> nested(String name) {
        return IntStream.iterate(0, i -> i + 1).mapToObj(i -> prefix + name + "." + i + ".").takeWhile(this::isThere)
                .map(inside -> new Attributes((name + " " + named(inside)).trim(), inside, properties, problems, strict)).toList();
    }

    /**
     * The same element for whoever takes nothing of it where one attribute cannot be used: its problems are its own, and say nothing of
     * what is taken instead.
     */
    public Attributes strictly() {
        return new Attributes(element, prefix, properties, new ArrayList<>(), true);
    }

    private boolean isThere(String inside) {
        return properties.keySet().stream().anyMatch(key -> key.startsWith(inside));
    }

    private String named(String inside) {
        return Optional.ofNullable(properties.get(inside + "name")).map(Object::toString).orElse("");
    }

    /** Whether the attribute was given or has a default in the metatype. */
    public boolean isSet(String attribute) {
        return value(attribute).isPresent();
    }

    /** Without the blanks around it; {@code otherwise} when nothing is left. */
    public String text(String attribute, String otherwise) {
        return value(attribute).map(value -> value.toString().trim()).filter(text -> !text.isEmpty()).orElse(otherwise);
    }

    /**
     * A value that no log shows, where the metatype has it as {@code ibm:type="password"}: Liberty hands over an object that gives its
     * characters to who asks for them. Empty when nothing is there.
     */
    public Optional<String> secret(String attribute) {
        return value(attribute).map(value -> value instanceof String text ? text : characters(value)).filter(text -> !text.isEmpty());
    }

    private static String characters(Object value) {
        try {
            return new String((char[]) value.getClass().getMethod("getChars").invoke(value));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Liberty hands over a password as " + value.getClass().getName()
                    + ", which has no getChars().", e);
        }
    }

    /** One of the words in {@code allowed}. */
    public String oneOf(String attribute, String otherwise, List<String> allowed) {
        String text = text(attribute, otherwise);
        return allowed.contains(text) ? text
                : refused(attribute, text, "one of " + String.join(", ", allowed), otherwise, otherwise);
    }

    /** An absolute path; a relative one is resolved against the working directory. */
    public Path path(String attribute, Path otherwise) {
        Path standard = otherwise.toAbsolutePath().normalize();
        String text = text(attribute, "");
        try {
            return text.isEmpty() ? standard : Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            return refused(attribute, text, "a path", standard, standard.toString());
        }
    }

    /** From {@code least} to {@code most}. */
    public int whole(String attribute, int otherwise, int least, int most) {
        return parsed(attribute, least, most, "The default of " + otherwise + " is used.").orElse(otherwise);
    }

    /** Empty when it is not set or cannot be used. */
    public Optional<Integer> whole(String attribute, int least, int most) {
        return parsed(attribute, least, most, "It is taken as not set.");
    }

    private Optional<Integer> parsed(String attribute, int least, int most, String instead) {
        String text = text(attribute, "");
        Optional<Integer> number = number(text).filter(given -> given >= least && given <= most);
        if (!text.isEmpty() && number.isEmpty()) {
            problems.add(says(attribute, text) + " It must be a whole number from " + least + " to " + most + "." + taken(instead));
        }
        return number;
    }

    private static Optional<Integer> number(String text) {
        try {
            return Optional.of(Integer.valueOf(text));
        } catch (NumberFormatException notWhole) {
            return Optional.empty();
        }
    }

    /** A number of zero or more with at most 12 decimals, such as 0.0895; empty when it is not set or cannot be used. */
    public Optional<BigDecimal> decimal(String attribute) {
        String text = text(attribute, "");
        Optional<BigDecimal> number = Optional.of(text).filter(given -> DECIMAL.matcher(given).matches()).map(BigDecimal::new);
        if (!text.isEmpty() && number.isEmpty()) {
            problems.add(says(attribute, text) + " It must be a number such as 0.0895, with 12 decimals at most." + taken("It is taken as not set."));
        }
        return number;
    }

    /** A size in bytes; written as 768m or 2g, in units of 1024. */
    public long bytes(String attribute, long otherwise, long least, long most) {
        String written = Effective.megabytes(otherwise);
        String text = text(attribute, written);
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            return refused(attribute, text, "a size such as 768m or 2g", otherwise, written);
        }
        long count = Long.parseLong(size.group(1));
        long unit = 1L << 10 * ("kmgt".indexOf(Character.toLowerCase(size.group(2).charAt(0))) + 1);
        return count <= most / unit && count * unit >= least ? count * unit
                : refused(attribute, text, Effective.megabytes(least) + " to " + Effective.megabytes(most), otherwise, written);
    }

    /** A duration of {@code least} or more, 100 years at most; written as 90s, 15m or 1h30m. */
    public Duration duration(String attribute, Duration otherwise, Duration least) {
        return parsed(attribute, least, "The default of " + Durations.text(otherwise) + " is used.").orElse(otherwise);
    }

    /** Empty when it is not set or cannot be used. */
    public Optional<Duration> duration(String attribute, Duration least) {
        return parsed(attribute, least, "It is taken as not set.");
    }

    /** Liberty hands a duration over in milliseconds; one that it does not know stays text. */
    private Optional<Duration> parsed(String attribute, Duration least, String instead) {
        Optional<Object> value = value(attribute).filter(set -> !set.toString().isBlank());
        Optional<Duration> duration = value.flatMap(Attributes::duration).filter(given -> given.compareTo(least) >= 0 && given.compareTo(LONGEST) <= 0);
        if (value.isPresent() && duration.isEmpty()) {
            problems.add(says(attribute, value.get()) + " It must be a duration such as 90s, 15m or 8h, "
                    + Durations.text(least) + " at least and " + LONGEST.toDays() + "d at most." + taken(instead));
        }
        return duration;
    }

    private static Optional<Duration> duration(Object value) {
        if (value instanceof Number millis) {
            return Optional.of(Duration.ofMillis(millis.longValue()));
        }
        String text = value.toString().trim();
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        if (!DURATION.matcher(text).matches()) {
            return Optional.empty();
        }
        return Optional.of(PART.matcher(text).results()
                .map(part -> unit(part.group(2)).multipliedBy(Long.parseLong(part.group(1))))
                .reduce(Duration.ZERO, Duration::plus));
    }

    private static Duration unit(String unit) {
        return switch (unit) {
            case "d" -> Duration.ofDays(1);
            case "h" -> Duration.ofHours(1);
            case "m" -> Duration.ofMinutes(1);
            case "s" -> Duration.ofSeconds(1);
            default -> Duration.ofMillis(1);
        };
    }

    /**
     * Adds a problem for each attribute, or element, that was given and is none of {@code known}: Liberty hands over those too that the
     * metatype does not have. Nothing else says that one is mistyped, and what it was to bring about does not come about.
     */
    public void nothingBut(List<String> known) {
        nothingBut(known, Set.of());
    }

    /**
     * The same.
     *
     * @param internal those that the metatype has and nobody writes
     */
    public void nothingBut(List<String> known, Set<String> internal) {
        unknown(known).filter(name -> !internal.contains(name))
                .forEach(name -> problems.add("<" + element + "> has no " + name + ". " + Names.advice(name, known) + " Correct the name or take it out."));
    }

    /** The elements, not attributes, that were given in this one and are none of {@code known}. */
    public List<String> elementsBut(List<String> known) {
        return unknown(known).filter(name -> !(properties.get(prefix + name) instanceof String)).toList();
    }

    /** Whether something was given that was probably meant to be {@code name}, which keeps something from somebody, and is not. */
    public boolean isMistyped(String name) {
        return unknown(List.of(name)).anyMatch(given -> Names.isNear(given, name));
    }

    private Stream<String> unknown(List<String> known) {
        return properties.keySet().stream().filter(key -> key.startsWith(prefix)).map(key -> key.substring(prefix.length()))
                .map(key -> key.replaceFirst("\\.\\d+\\..*$", "")).filter(Attributes::isWritten).filter(name -> !known.contains(name)).distinct().sorted();
    }

    /** What Liberty and OSGi add has a dot in its name, but for the id. */
    private static boolean isWritten(String key) {
        return key.indexOf('.') < 0 && !key.equals("id");
    }

    /** Adds a problem that no single attribute shows. It names the attributes, says what is done instead, and the fix. */
    public void problem(String sentences) {
        problems.add(sentences);
    }

    /** What could not be used so far, in this element and those it was nested in or that are nested in it. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    private <T> T refused(String attribute, String text, String must, T otherwise, String written) {
        problems.add(says(attribute, text) + " It must be " + must + "." + taken("The default of " + written + " is used."));
        return otherwise;
    }

    private String taken(String instead) {
        return strict ? "" : " " + instead;
    }

    /** The element as problems show it. */
    public String shown() {
        return "<" + element + ">";
    }

    private String says(String attribute, Object value) {
        return "The attribute " + attribute + " of <" + element + "> is '" + value + "'.";
    }

    private Optional<Object> value(String attribute) {
        return Optional.ofNullable(properties.get(prefix + attribute));
    }
}

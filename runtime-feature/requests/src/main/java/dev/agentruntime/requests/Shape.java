package dev.agentruntime.requests;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a part of a request may be, as AgentCore's model has it. Other shapes are named, since they may be in a circle. */
public sealed interface Shape {

    /** Where a member is in a request. */
    enum Place { BODY, PATH, QUERY }

    /**
     * @param shape its shape's name
     * @param as    its name there
     */
    record Member(String shape, Place place, String as) {}

    /** How many members may be there. */
    enum Choice { ANY, EXACTLY_ONE }

    record Structure(Map<String, Member> members, Set<String> required, Choice choice) implements Shape {}

    record Text(Bounds length, Optional<Pattern> pattern, Set<String> allowed) implements Shape {}

    record Whole(Bounds bounds) implements Shape {}

    record Flag() implements Shape {}

    /** Any number. */
    record Decimal() implements Shape {}

    /** A time, as a number of seconds since 1970. */
    record Time() implements Shape {}

    /** Any JSON. */
    record Anything() implements Shape {}

    record ListOf(String element, Bounds size) implements Shape {}

    record MapOf(String key, String value, Bounds size) implements Shape {}
}

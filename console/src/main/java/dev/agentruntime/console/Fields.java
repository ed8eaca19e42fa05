package dev.agentruntime.console;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a query or a form, in {@code application/x-www-form-urlencoded}. Immutable.
 *
 * @param values of each name, in their order
 */
record Fields(Map<String, List<String>> values) {

    static final Fields NONE = new Fields(Map.of());
    /** More than any page here has. */
    private static final int MOST = 500;

    /** @throws IllegalArgumentException it is no such text, or has too many */
    static Fields of(String encoded) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        String[] parts = encoded.isEmpty() ? new String[0] : encoded.split("&", MOST + 1);
        if (parts.length > MOST) {
            throw new IllegalArgumentException("A request has " + MOST + " fields at most");
        }
        for (String part : parts) {
            int sign = part.indexOf('=');
            String name = sign < 0 ? part : part.substring(0, sign);
            values.computeIfAbsent(decoded(name), first -> new ArrayList<>()).add(sign < 0 ? "" : decoded(part.substring(sign + 1)));
        }
        return new Fields(values);
    }

    /** Starts a text in that form: {@code name=value}. */
    static String encoded(String name, String value) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8) + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** The first one of this name that is not empty. */
    Optional<String> first(String name) {
        return all(name).stream().filter(value -> !value.isEmpty()).findFirst();
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }
}

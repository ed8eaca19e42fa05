package dev.agentruntime.invocation;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpField;

/**
 * The header fields of a caller's request that its agent gets to see, and the length of the body that comes with them.
 *
 * @param fields those that every agent gets to see
 * @param others those that an agent gets only where it was made to, by their names in small letters; credentials are none of them
 * @param length the body's length, or -1 when it is not known beforehand, as servlets and Jetty both have it
 */
record RequestHead(List<HttpField> fields, Map<String, List<HttpField>> others, long length) {

    /** For one name; AgentCore allows 8,192 for baggage and 4,096 for a header of the agent's own. */
    static final int MOST_IN_ONE = 8192;
    /** For one of those that one agent gets and others do not. */
    static final int MOST_IN_OWN = 4096;
    /** Names and values together; AgentCore allows 20 headers of an agent's own beside those it knows. */
    static final int MOST_IN_ALL = 96 * 1024;
    /** An agent's server takes 500 by default, as Liberty does. */
    static final int MOST_FIELDS = 256;

    private static final String CONTENT_ENCODING = "content-encoding";
    /** What Liberty decodes by itself, unless it is told not to. */
    private static final Set<String> DECODED = Set.of("gzip", "x-gzip", "deflate");

    /**
     * @param decodes whether the container decodes bodies, so that coding and length are not those of what the agent gets;
     *     asked only for a body that has a coding
     * @throws RequestException a header is too large: of kind VALIDATION
     */
    static RequestHead of(HttpServletRequest request, BooleanSupplier decodes) {
        List<HttpField> fields = new ArrayList<>();
        Map<String, List<HttpField>> others = new HashMap<>();
        int all = 0;
        boolean decoded = false;
        for (String name : Collections.list(request.getHeaderNames())) {
            List<String> values = Collections.list(request.getHeaders(name));
            if (!Headers.goesToAgent(name)) {
                if (!name.equalsIgnoreCase(Headers.TOKEN)) {
                    others.put(name.toLowerCase(Locale.ROOT), values.stream().map(value -> new HttpField(name, value)).toList());
                }
                continue;
            }
            if (isDecoded(name, values) && decodes.getAsBoolean()) {
                decoded = true;
                continue;
            }
            int size = values.stream().mapToInt(value -> name.length() + value.length()).sum();
            all += size;
            if (size - values.size() * name.length() > MOST_IN_ONE) {
                throw tooLarge("The header " + name + " has more than " + MOST_IN_ONE + " characters");
            }
            values.forEach(value -> fields.add(new HttpField(name, value)));
            if (all > MOST_IN_ALL || fields.size() > MOST_FIELDS) {
                throw tooLarge("With " + name + " the headers for the agent are more than " + MOST_FIELDS + " or have more than "
                        + MOST_IN_ALL + " characters");
            }
        }
        return new RequestHead(List.copyOf(fields), Map.copyOf(others), decoded ? -1 : request.getContentLengthLong());
    }

    /**
     * What an agent gets that is to have {@code names} besides what every agent gets.
     *
     * @throws RequestException one of these is too large: of kind VALIDATION
     */
    List<HttpField> with(Set<String> names) {
        if (names.isEmpty()) {
            return fields;
        }
        List<HttpField> all = new ArrayList<>(fields);
        names.stream().sorted().flatMap(name -> others.getOrDefault(name, List.of()).stream()).forEach(field -> {
            if (field.getValue().length() > MOST_IN_OWN) {
                throw tooLarge("The header " + field.getName() + " has more than " + MOST_IN_OWN + " characters");
            }
            all.add(field);
        });
        return all;
    }

    private static boolean isDecoded(String name, List<String> values) {
        return name.toLowerCase(Locale.ROOT).equals(CONTENT_ENCODING) && values.size() == 1
                && DECODED.contains(values.get(0).strip().toLowerCase(Locale.ROOT));
    }

    private static RequestException tooLarge(String what) {
        return new RequestException(Kind.VALIDATION, what + "; send less, or send it in the body");
    }
}

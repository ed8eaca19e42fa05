package dev.agentruntime.api;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The head of a request whose caller is to be judged, as it came over the wire.
 *
 * @param rawPath   undecoded, from the first slash to the question mark
 * @param rawQuery  undecoded, without the question mark; empty where there is none
 * @param headers   by their names in small letters; values in their order
 * @param operation what it asks for, such as InvokeAgentRuntime; empty where there is nothing at its path
 * @param runtime   the name of the agent runtime it asks it of, which says whom it lets in; empty where it names none
 * @param qualifier the endpoint of that runtime that it names; empty text for the standard one
 * @param managed   the name of the agent runtime that it shows or changes from outside, for which rights count but not whom that lets in;
 *                  empty where it names none
 * @param hasBody   whether a body follows, or may follow
 */
public record InboundRequest(String method, String rawPath, String rawQuery, Map<String, List<String>> headers,
        Optional<String> operation, Optional<String> runtime, String qualifier, Optional<String> managed, boolean hasBody) {

    /** Takes names of headers in any letters. */
    public InboundRequest {
        Map<String, List<String>> small = new TreeMap<>();
        headers.forEach((name, values) -> small.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        headers = small;
    }

    /** One that names no endpoint, and shows or changes no agent runtime from outside. */
    public InboundRequest(String method, String rawPath, String rawQuery, Map<String, List<String>> headers, Optional<String> operation,
            Optional<String> runtime, boolean hasBody) {
        this(method, rawPath, rawQuery, headers, operation, runtime, "", Optional.empty(), hasBody);
    }

    /** The value of a header that came once. */
    public Optional<String> header(String name) {
        List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
    }
}

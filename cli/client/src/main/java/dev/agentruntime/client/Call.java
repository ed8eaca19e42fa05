package dev.agentruntime.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One request, before anybody has signed it.
 *
 * @param path   below the endpoint, encoded
 * @param within until the head of the answer is there
 */
record Call(String method, String path, Map<String, String> query, Map<String, String> header, Payload payload, Duration within) {

    private static final Duration USUAL = Duration.ofSeconds(60);

    static Call of(String method, String path) {
        return new Call(method, path, Map.of(), Map.of(), Payload.none(), USUAL);
    }

    /**
     * {@code template} with each {@code {}} replaced by one of {@code segments}, encoded.
     *
     * @throws EmptyNameException one is empty, and the path would be that of a list
     */
    static Call of(String method, String template, String... segments) {
        String path = template;
        for (String segment : segments) {
            if (segment.isEmpty()) {
                throw new EmptyNameException();
            }
            path = path.replaceFirst("\\{}", encoded(segment));
        }
        return of(method, path);
    }

    /** What is empty is left out. */
    Call with(String parameter, String value) {
        return value.isEmpty() ? this : new Call(method, path, added(query, parameter, value), header, payload, within);
    }

    Call withHeader(String name, String value) {
        return new Call(method, path, query, added(header, name, value), payload, within);
    }

    Call with(Payload body, String contentType) {
        return new Call(method, path, query, added(header, "Content-Type", contentType), body, within);
    }

    Call within(Duration time) {
        return new Call(method, path, query, header, payload, time);
    }

    String target() {
        String parameters = query.entrySet().stream().map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
        return path + (parameters.isEmpty() ? "" : "?" + parameters);
    }

    /** As a path's segment and as a query's value, which are signed alike. */
    static String encoded(String text) {
        String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
        // A segment of dots alone would be no segment of this path.
        return Arrays.asList(".", "..").contains(encoded) ? encoded.replace(".", "%2E") : encoded;
    }

    private static Map<String, String> added(Map<String, String> map, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(map);
        more.put(name, value);
        return more;
    }
}

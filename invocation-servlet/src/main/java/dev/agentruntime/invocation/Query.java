package dev.agentruntime.invocation;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parameters of a request's query. The container's own would read the body of a form as well. */
record Query(Map<String, List<String>> values) {

    /** @throws RequestException it cannot be decoded: of kind VALIDATION */
    static Query of(HttpServletRequest request) {
        return of(Optional.ofNullable(request.getQueryString()).orElse(""));
    }

    static Query of(String raw) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : raw.split("&")) {
            String[] parts = pair.split("=", 2);
            if (!pair.isEmpty()) {
                values.computeIfAbsent(decoded(parts[0]), name -> new ArrayList<>()).add(parts.length == 2 ? decoded(parts[1]) : "");
            }
        }
        return new Query(values);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new RequestException(Kind.VALIDATION, "The query cannot be decoded: " + e.getMessage());
        }
    }

    /** The first value of a parameter. */
    Optional<String> first(String name) {
        return values.getOrDefault(name, List.of()).stream().findFirst();
    }
}

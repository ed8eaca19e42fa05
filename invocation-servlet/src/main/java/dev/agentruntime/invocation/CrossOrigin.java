package dev.agentruntime.invocation;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What Liberty's {@code <cors>} lets pages of other origins do, made safe. Cookies open nothing here, so that no page may read the
 * answer to a request with any, whatever origins are allowed; and a cache may not give one origin what another was answered.
 */
final class CrossOrigin {

    private static final String CREDENTIALS = "Access-Control-Allow-Credentials";

    private CrossOrigin() {}

    static void complete(HttpServletRequest request, HttpServletResponse response) {
        if (request.getHeader("Origin") == null) {
            return;
        }
        if (response.containsHeader(CREDENTIALS)) {
            remove(response, CREDENTIALS);
        }
        response.addHeader("Vary", "Origin");
    }

    /** Takes a header from an answer that has not begun; servlets have no method for that. */
    static void remove(HttpServletResponse response, String name) {
        Map<String, Collection<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        response.getHeaderNames().forEach(one -> headers.put(one, List.copyOf(response.getHeaders(one))));
        if (headers.remove(name) != null) {
            response.reset();
            headers.forEach((one, values) -> values.forEach(value -> response.addHeader(one, value)));
            response.setStatus(HttpServletResponse.SC_OK);
        }
    }
}

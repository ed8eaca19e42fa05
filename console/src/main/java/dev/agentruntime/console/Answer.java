package dev.agentruntime.console;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a browser gets.
 *
 * @param headers beside the type of the body
 * @param type    the media type of the body
 */
record Answer(int status, Map<String, String> headers, String type, String body) {

    /** Nothing but what this server has: no script at all, no frame around it, no form that leads elsewhere. */
    static final String POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    private static final Map<String, String> ALWAYS = Map.of(
            "Content-Security-Policy", POLICY,
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Cache-Control", "no-store");

    Answer {
        Map<String, String> all = new LinkedHashMap<>(ALWAYS);
        all.putAll(headers);
        headers = Map.copyOf(all);
    }

    static Answer page(int status, String html) {
        return new Answer(status, Map.of(), "text/html; charset=utf-8", html);
    }

    /** Sends the browser on, with GET. */
    static Answer to(String path) {
        return new Answer(303, Map.of("Location", path), "text/plain; charset=utf-8", "");
    }

    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, type, body);
    }
}

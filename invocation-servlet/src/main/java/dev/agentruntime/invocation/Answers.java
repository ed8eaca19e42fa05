package dev.agentruntime.invocation;

import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes JSON answers, each at once. Most fit the container's buffer; a long list or log may wait for a slow client. */
final class Answers {

    private static final int TOO_MANY_REQUESTS = 429;
    private static final String RETRY_AFTER_SECONDS = "1";

    private Answers() {}

    static void json(HttpServletResponse response, JsonObject body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        response.setContentType("application/json");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    static void refuse(HttpServletResponse response, Refusal refusal) throws IOException {
        response.setStatus(refusal.status());
        response.setHeader(Headers.ERROR_TYPE, refusal.type());
        if (refusal.status() == TOO_MANY_REQUESTS) {
            response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
        }
        json(response, Views.refusal(refusal));
    }
}

package dev.agentruntime.invocation;

import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes JSON answers, each at once. Most fit the container's buffer; a long list or log may wait for a slow client. */
final class Answers {

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
        json(response, Views.refusal(refusal));
    }
}

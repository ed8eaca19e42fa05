package dev.agentruntime.invocation;

import dev.agentruntime.invocation.Operation.Call;
import jakarta.json.JsonObject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Writes JSON answers, each at once. Most fit the container's buffer; a long list or log may wait for a slow client. */
final class Answers {

    private static final long NANOS_OF_A_SECOND = 1_000_000_000;
    /** Of our messages, whatever the server's own is, which Liberty would state. */
    private static final String LANGUAGE = "en";

    private Answers() {}

    static void json(HttpServletResponse response, JsonObject body) throws IOException {
        response.getOutputStream().write(head(response, body));
    }

    /**
     * Answers when {@code coming} is there, or has failed, and holds no thread until then. What was asked for is done also where its caller has
     * left by then.
     *
     * @param shown of what is there
     */
    static <T> void later(Call call, CompletionStage<T> coming, Function<T, JsonObject> shown) {
        AsyncContext async = call.request().startAsync();
        async.setTimeout(0);
        coming.whenComplete((there, failure) -> {
            try {
                if (failure == null) {
                    json(call.response(), shown.apply(there));
                } else {
                    refuse(call.response(), Refusal.of(failure, call.caller()));
                }
            } catch (IOException | IllegalStateException callerLeft) {
                // Nobody is there to be answered.
            } finally {
                async.complete();
            }
        });
    }

    static void refuse(HttpServletResponse response, Refusal refusal) throws IOException {
        response.getOutputStream().write(head(response, refusal));
    }

    /** The same for a response that does not end yet. */
    static void refuseAtOnce(HttpServletResponse response, Refusal refusal) throws IOException {
        byte[] body = head(response, refusal);
        // Liberty sends nothing on a flush of the stream alone, and keeps what was written before a flush of the response.
        response.flushBuffer();
        response.getOutputStream().write(body);
        response.getOutputStream().flush();
    }

    private static byte[] head(HttpServletResponse response, Refusal refusal) {
        response.setStatus(refusal.status());
        response.setHeader(Headers.ERROR_TYPE, refusal.type());
        refusal.retryAfter().ifPresent(time -> response.setHeader("Retry-After", Long.toString(time.plusNanos(NANOS_OF_A_SECOND - 1).toSeconds())));
        return head(response, Views.refusal(refusal));
    }

    private static byte[] head(HttpServletResponse response, JsonObject body) {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        response.setContentType("application/json");
        response.setHeader(Headers.LANGUAGE, LANGUAGE);
        response.setContentLength(bytes.length);
        return bytes;
    }
}

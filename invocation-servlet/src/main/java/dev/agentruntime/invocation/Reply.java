package dev.agentruntime.invocation;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.Content;

/** The caller's side of an exchange: its response, which ends once, whoever wants it to end. Thread-safe but for the headers. */
final class Reply {

    private final HttpServletResponse response;
    private final AsyncContext async;
    private final Map<String, String> own = new LinkedHashMap<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean begun;

    Reply(HttpServletRequest request, HttpServletResponse response) {
        this.response = response;
        async = request.startAsync();
        async.setTimeout(0);
    }

    /** A header of the platform's own, on an answer of either kind. */
    void header(String name, String value) {
        own.put(name, value);
        response.setHeader(name, value);
    }

    /**
     * Sends the head of the agent's answer.
     *
     * @throws IOException the caller has left
     */
    void begin(AnswerHead head) throws IOException {
        begun = true;
        response.setStatus(head.status());
        head.fields().forEach(field -> response.addHeader(field.getName(), field.getValue()));
        head.length().ifPresent(response::setContentLengthLong);
        // Liberty sends no head on a flush of the stream alone, and a silent stream should be seen to have begun.
        response.flushBuffer();
    }

    /** Carries an answer's body to the caller, once it is told to {@link #stream}. */
    AnswerRelay relay(Content.Source source, byte[] lastWords, AnswerRelay.Ending ending) throws IOException {
        return new AnswerRelay(source, response.getOutputStream(), lastWords, ending);
    }

    /** Lets {@code relay} write the rest. */
    void stream(AnswerRelay relay) throws IOException {
        response.getOutputStream().setWriteListener(relay);
    }

    /** Answers with {@code refusal}, unless the answer has begun: then that just ends. */
    void refuse(Refusal refusal) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        try {
            if (!response.isCommitted()) {
                forgetHead();
                Answers.refuse(response, refusal);
            }
        } catch (IOException | IllegalStateException callerLeft) {
            // There is nobody to tell; the invocation's outcome is already recorded.
        } finally {
            async.complete();
        }
    }

    /** What of the agent's head was set before it failed does not belong to a refusal. */
    private void forgetHead() {
        if (begun) {
            response.reset();
            own.forEach(response::setHeader);
        }
    }

    void complete() {
        if (over.compareAndSet(false, true)) {
            async.complete();
        }
    }
}

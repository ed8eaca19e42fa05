package dev.agentruntime.invocation;

import dev.agentruntime.api.Subject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;

/**
 * The caller's side of an exchange: its request's body, and its response, which ends once, whoever wants it to end. Thread-safe
 * but for the headers.
 */
final class Reply {

    /** For a caller to send the rest of a body that nobody wants any more. */
    static final Duration REST_OF_BODY = Duration.ofSeconds(30);

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final AsyncContext async;
    private final AgentClient client;
    private final Executor writes;
    private final Executor endings;
    private final Upload upload;
    private final Map<String, String> own = new LinkedHashMap<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean begun;

    /** @param broken told when the request's body cannot be read to its end */
    Reply(HttpServletRequest request, HttpServletResponse response, Subject subject, long length, FrontDoor door,
            Consumer<Throwable> broken) throws IOException {
        this.request = request;
        this.response = response;
        client = door.client();
        writes = door.writes().executorFor(request, subject);
        endings = door.writes().endingsFor(request, subject);
        ServletInputStream body = JudgedRequest.bodyOf(request);
        async = request.startAsync();
        async.setTimeout(0);
        upload = new Upload(body, length, JudgedRequest.checkOf(request), client, door.stalled().of(subject), broken);
    }

    /** The request's body. */
    Upload upload() {
        return upload;
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
        HeadOfAnswer.send(response);
    }

    /** Carries an answer's body to the caller, once it is told to {@link #stream}. */
    AnswerRelay relay(Content.Source source, byte[] lastWords, AnswerRelay.Ending ending) throws IOException {
        return new AnswerRelay(source, response.getOutputStream(), lastWords, ending, writes);
    }

    /** Lets {@code relay} write the rest. */
    void stream(AnswerRelay relay) throws IOException {
        response.getOutputStream().setWriteListener(relay);
    }

    /** Answers with {@code refusal}, unless the answer has begun: then that is cut. */
    void refuse(Refusal refusal) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        try {
            writes.execute(() -> tell(refusal));
        } catch (RejectedExecutionException callerDoesNotRead) {
            end();
        }
    }

    private void tell(Refusal refusal) {
        try {
            if (response.isCommitted()) {
                CallerConnection.breakOff(request);
            } else {
                forgetHead();
                refuseNow(refusal);
            }
        } catch (IOException | IllegalStateException callerLeft) {
            // There is nobody to tell; the invocation's outcome is already recorded.
        } finally {
            end();
        }
    }

    /** The caller may wait for the answer before it sends the rest of its request, or sends none. */
    private void refuseNow(Refusal refusal) throws IOException {
        if (upload.hasRest()) {
            response.setHeader("Connection", "close");
            Answers.refuseAtOnce(response, refusal);
        } else {
            Answers.refuse(response, refusal);
        }
    }

    /** What of the agent's head was set before it failed does not belong to a refusal. */
    private void forgetHead() {
        if (begun) {
            response.reset();
            own.forEach(response::setHeader);
        }
    }

    /** Ends the answer, which is whole. */
    void complete() {
        if (over.compareAndSet(false, true)) {
            end();
        }
    }

    /** Ends the answer in a way that nobody takes for its proper end. */
    void cut() {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        try {
            endings.execute(() -> {
                CallerConnection.breakOff(request);
                end();
            });
        } catch (RejectedExecutionException callerDoesNotRead) {
            end();
        }
    }

    private void end() {
        upload.discardRest(async::complete);
        if (upload.isBeingRead()) {
            client.later(REST_OF_BODY, this::giveUpRest);
        }
    }

    /** What would still come would be read as the caller's next request. */
    private void giveUpRest() {
        if (upload.isBeingRead()) {
            CallerConnection.cut(request);
            upload.giveUpRest();
        }
    }
}

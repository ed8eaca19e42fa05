package dev.agentruntime.invocation;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.Invocation.Outcome;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Target;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;

/** One invocation from the caller's request to the last byte of the agent's answer. Holds no thread while it waits. */
final class Exchange {

    private static final int LINES_SHOWN = 20;
    private static final int LINES_READ = 400;
    /** For what was given to the connection when the agent's answer had ended. */
    private static final Duration LAST_BYTES = Duration.ofSeconds(1);
    private static final byte[] BROKEN_OFF =
            "\n\nevent: error\ndata: {\"message\":\"The agent broke off before the end of its answer\"}\n\n"
                    .getBytes(StandardCharsets.UTF_8);

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final AsyncContext async;
    private final AgentClient client;
    private final Limits limits;
    private final Caller caller;
    private final Upload upload;
    private final boolean cancelWhenLeft;
    private final AtomicBoolean completed = new AtomicBoolean();
    private final AtomicBoolean agentAnswered = new AtomicBoolean();
    private final AtomicBoolean sent = new AtomicBoolean();

    private Exchange(HttpServletRequest request, HttpServletResponse response, AgentClient client, Limits limits,
            Caller caller) throws IOException {
        this.request = request;
        this.response = response;
        this.client = client;
        this.limits = limits;
        this.caller = caller;
        cancelWhenLeft = Boolean.parseBoolean(request.getHeader(Headers.CANCEL));
        async = request.startAsync();
        async.setTimeout(0);
        upload = new Upload(request.getInputStream(), request.getContentLengthLong(), client.buffers(), client.executor());
    }

    /** Begins; the answer, a refusal too, comes later and on other threads. */
    static void begin(HttpServletRequest request, HttpServletResponse response, String runtime, Caller caller,
            Platform runtimes, AgentClient client, Limits limits) throws IOException {
        if (request.getContentLengthLong() > Upload.MAX_BYTES) {
            throw Upload.tooLarge();
        }
        Optional<String> session = Optional.ofNullable(request.getHeader(Headers.SESSION_ID));
        Exchange exchange = new Exchange(request, response, client, limits, caller);
        runtimes.invoke(new InvocationRequest(runtime, session, caller)).whenComplete((invocation, failure) -> {
            if (failure == null) {
                exchange.send(invocation);
            } else {
                Refusal refusal = Refusal.of(failure);
                exchange.refuse(refusal.withLog(tail(refusal.log())));
            }
        });
    }

    private void send(Invocation invocation) {
        try {
            response.setHeader(Headers.SESSION_ID, invocation.sessionId());
            response.setHeader(Headers.REQUEST_ID, invocation.requestId());
            Request post = client.post(invocation.vm(), () -> invocation.connect(Target.AGENT))
                    .headers(headers -> copyTo(headers, invocation))
                    .body(upload);
            post.onResponseContentSource((answer, source) -> answer(post, invocation, answer, source));
            post.onRequestSuccess(whole -> sent.set(true));
            client.send(post, limits.firstByte(), result -> done(invocation, result));
        } catch (RuntimeException e) {
            fail(invocation, Refusal.of(e), Outcome.PLATFORM_ERROR, e);
        }
    }

    private void copyTo(HttpFields.Mutable headers, Invocation invocation) {
        for (String name : Collections.list(request.getHeaderNames())) {
            if (Headers.goesToAgent(name)) {
                headers.put(name, Collections.list(request.getHeaders(name)));
            }
        }
        headers.put(Headers.SESSION_ID, invocation.sessionId());
        headers.put(Headers.AGENT_REQUEST_ID, invocation.requestId());
        headers.put(Headers.CALLER_ISSUER, Headers.value(caller.subject().issuer()));
        headers.put(Headers.CALLER_SUBJECT, Headers.value(caller.subject().name()));
    }

    /** The head of the agent's answer has come. */
    private void answer(Request post, Invocation invocation, Response answer, Content.Source source) {
        agentAnswered.set(true);
        int status = answer.getStatus();
        if (status / 100 != 2) {
            new FaultReader(source, message -> {
                post.abort(new IOException("the rest of the agent's error answer is not needed"));
                agentFault(invocation, status, message);
            }).read();
            return;
        }
        response.setStatus(status);
        for (String name : answer.getHeaders().getFieldNamesCollection()) {
            if (Headers.goesToCaller(name)) {
                answer.getHeaders().getValuesList(name).forEach(value -> response.addHeader(name, value));
            }
        }
        long length = answer.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
        if (length >= 0) {
            response.setContentLengthLong(length);
        }
        try {
            // Liberty sends no head on a flush of the stream alone, and a silent stream should be seen to have begun.
            response.flushBuffer();
            response.getOutputStream().setWriteListener(new Relay(
                    source, response.getOutputStream(), lastWords(answer), new End(post, invocation)));
        } catch (IOException | RuntimeException e) {
            post.abort(e);
            fail(invocation, Refusal.of(e), Outcome.PLATFORM_ERROR, e);
        }
    }

    /** An event stream has a form for errors; elsewhere only a promised length shows that something is missing. */
    private static byte[] lastWords(Response answer) {
        String type = answer.getHeaders().get(HttpHeader.CONTENT_TYPE);
        return type != null && type.startsWith("text/event-stream") ? BROKEN_OFF : new byte[0];
    }

    private final class End implements Relay.Ending {
        private final Request post;
        private final Invocation invocation;

        End(Request post, Invocation invocation) {
            this.post = post;
            this.invocation = invocation;
        }

        @Override
        public void callerLeft(Throwable cause) {
            complete();
            if (cancelWhenLeft) {
                invocation.close(Outcome.ABANDONED);
                post.abort(cause);
            }
        }

        @Override
        public void ended(Optional<Throwable> brokenOff) {
            brokenOff.ifPresent(cause -> InvocationMessage.AGENT_BROKE_OFF.log(
                    invocation.requestId(), invocation.sessionId(), reason(cause)));
            invocation.close(brokenOff.isPresent() ? Outcome.AGENT_ERROR : Outcome.SUCCESS);
            cutUnlessSent(post);
            complete();
        }
    }

    /** What is left of a body would be read as the next request on its connection. */
    private void cutUnlessSent(Request post) {
        if (sent.get()) {
            return;
        }
        if (upload.taken()) {
            client.later(LAST_BYTES, () -> {
                if (!sent.get()) {
                    post.abort(notRead());
                }
            });
        } else {
            post.abort(notRead());
        }
    }

    private static IOException notRead() {
        return new IOException("the agent answered without reading its request to the end");
    }

    /** The exchange with the agent is over; only what failed before any answer is still open. */
    private void done(Invocation invocation, Result result) {
        if (!result.isFailed() || agentAnswered.get()) {
            return;
        }
        Throwable cause = upload.failure().orElse(result.getFailure());
        if (cause instanceof RequestException refused) {
            Outcome outcome = refused.kind() == Kind.PLATFORM ? Outcome.PLATFORM_ERROR : Outcome.ABANDONED;
            fail(invocation, Refusal.of(refused), outcome, cause);
        } else if (upload.failure().isPresent()) {
            invocation.close(Outcome.ABANDONED);
            complete();
        } else {
            String why = cause instanceof TimeoutException
                    ? "The agent gave " + cause.getMessage() + "; answer sooner, stream, or work on in the background"
                    : invocation.session().terminationReason().map(ended -> "The session ended before the agent answered: " + ended)
                            .orElseGet(() -> "The agent broke off before it answered: " + reason(cause));
            client.executor().execute(() -> fail(invocation,
                    Refusal.of(Kind.AGENT, why).withLog(log(invocation)), Outcome.AGENT_ERROR, cause));
        }
    }

    private void agentFault(Invocation invocation, int status, String message) {
        client.executor().execute(() -> {
            Refusal refusal = Refusal.of(Kind.AGENT, "Received error (" + status + ") from the agent")
                    .with(new Refusal.AgentFault(status, message))
                    .withLog(log(invocation));
            invocation.close(Outcome.AGENT_ERROR);
            refuse(refusal);
        });
    }

    /** Jetty's end of file describes its own connection, which tells a caller nothing. */
    private static String reason(Throwable cause) {
        return cause instanceof EOFException ? "it closed the connection" : cause.toString();
    }

    private static List<String> log(Invocation invocation) {
        try {
            return tail(invocation.logTail(LINES_READ));
        } catch (RuntimeException e) {
            return List.of("The guest's log could not be read: " + e.getMessage());
        }
    }

    /** The last lines that say something: the frames of one stack trace alone would fill the answer. */
    private static List<String> tail(List<String> log) {
        List<String> lines = log.stream().filter(line -> !line.isBlank() && !line.startsWith("\tat ")).toList();
        return lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size());
    }

    private void fail(Invocation invocation, Refusal refusal, Outcome outcome, Throwable cause) {
        if (outcome == Outcome.PLATFORM_ERROR) {
            InvocationMessage.REQUEST_FAILED.log(
                    cause, invocation.requestId(), request.getMethod(), request.getRequestURI(), cause.getMessage());
        }
        invocation.close(outcome);
        refuse(refusal);
    }

    private void refuse(Refusal refusal) {
        if (completed.get()) {
            return;
        }
        if (response.isCommitted()) {
            complete();
            return;
        }
        try {
            Answers.refuse(response, refusal);
        } catch (IOException | IllegalStateException callerLeft) {
            // There is nobody to tell; the invocation's outcome is already recorded.
        } finally {
            complete();
        }
    }

    private void complete() {
        if (completed.compareAndSet(false, true)) {
            upload.fail(new IOException("the exchange is over"));
            async.complete();
        }
    }
}

package dev.agentruntime.invocation;

import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Cost;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.Invocation.Outcome;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.Target;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;

/** One invocation from the caller's request to the last byte of the agent's answer. Holds no thread while it waits. */
final class Exchange {

    /** Whoever moves an exchange on to ANSWERING sees to it that it is settled, whatever is thrown. */
    private enum State {
        /** The platform finds or starts a VM. */
        ASKING,
        /** The agent has the request, or gets it. */
        SENT,
        /** The agent has answered, or will not. */
        ANSWERING,
        /** The invocation is closed, and it is known how it went. */
        SETTLED
    }

    /** For what was given to the connection when the agent's answer had ended. */
    private static final Duration LAST_BYTES = Duration.ofSeconds(1);
    /** For the container to find out that a request is broken, when its agent has given up. */
    private static final Duration BROKEN_REQUEST = Duration.ofMillis(300);

    private final HttpServletRequest request;
    private final Reply reply;
    private final FrontDoor door;
    private final Caller caller;
    private final String runtime;
    private final RequestHead head;
    private final AgentHeaders agentHeaders;
    private final McpRequest mcp;
    private final Upload upload;
    private volatile Optional<AnswerRelay> relay = Optional.empty();
    private volatile CallerWatch.Watching watching = () -> { };
    private final boolean cancelWhenLeft;
    private final AtomicReference<State> state = new AtomicReference<>(State.ASKING);
    private final AtomicBoolean sent = new AtomicBoolean();
    private final boolean reportCost;
    private volatile Optional<Cost> costBefore = Optional.empty();
    private volatile Optional<Invocation> invocation = Optional.empty();
    private volatile Optional<Request> post = Optional.empty();

    private Exchange(HttpServletRequest request, HttpServletResponse response, String runtime, Caller caller, RequestHead head,
            FrontDoor door) throws IOException {
        this.request = request;
        this.runtime = runtime;
        this.door = door;
        this.caller = caller;
        mcp = McpRequest.of(request);
        this.head = head;
        agentHeaders = AgentHeaders.of(request, head, caller, door.tokens());
        cancelWhenLeft = Boolean.parseBoolean(request.getHeader(Headers.CANCEL));
        reportCost = Boolean.parseBoolean(request.getHeader(Headers.REPORT_COST));
        reply = new Reply(request, response, caller.subject(), head.length(), door, this::abort);
        upload = reply.upload();
    }

    /**
     * Begins; the answer, a refusal too, comes later and on other threads.
     *
     * @throws RequestException the request cannot be passed on; nothing has begun
     */
    static void begin(HttpServletRequest request, HttpServletResponse response, String runtime, Caller caller,
            Platform platform, FrontDoor door) throws IOException {
        if (request.getContentLengthLong() > BodyBuffers.MAX_BYTES) {
            throw BodyBuffers.tooLarge();
        }
        InvocationRequest invocation = McpRequest.of(request).invocation(door.mcp(), runtime, caller)
                .at(Query.of(request).first("qualifier").orElse(""));
        RequestHead head = RequestHead.of(request, () -> CallerConnection.decodes(request));
        Exchange exchange = new Exchange(request, response, runtime, caller, head, door);
        exchange.watch();
        try {
            platform.invoke(invocation).whenComplete((begun, failure) -> {
                if (failure == null) {
                    exchange.send(begun);
                } else {
                    exchange.refused(failure);
                }
            });
        } catch (RuntimeException e) {
            exchange.refused(e);
        }
    }

    private void refused(Throwable failure) {
        finish(Outcome.PLATFORM_ERROR, Refusal.of(failure, caller));
    }

    /** A caller who wants its request cut off when it leaves may leave at any moment; so may one whose body is still coming. */
    private void watch() {
        if (cancelWhenLeft || head.length() < 0 || head.length() > AgentClient.BUFFER_BYTES) {
            watching = door.callers().watch(request, () -> left(new IOException("the caller has left")));
        }
    }

    private void left(Throwable cause) {
        if (!cancelWhenLeft && !upload.isStalled()) {
            return;
        }
        if (relay.isPresent()) {
            relay.get().onError(cause);
        } else if (settle(Outcome.ABANDONED)) {
            abort(cause);
            reply.complete();
        }
    }

    private void send(Invocation found) {
        invocation = Optional.of(found);
        if (!state.compareAndSet(State.ASKING, State.SENT)) {
            found.close(Outcome.ABANDONED);
            return;
        }
        try {
            reply.header(Headers.SESSION_ID, found.sessionId());
            reply.header(Headers.REQUEST_ID, found.requestId());
            reply.header(Headers.SESSION_ORIGIN, found.origin().name().toLowerCase(Locale.ROOT));
            costBefore = reportCost ? door.costs().of(found.usage()) : Optional.empty();
            Request toAgent = door.client().request(mcp.method(), found.vm(), found.path(), () -> found.connect(Target.AGENT))
                    .headers(headers -> agentHeaders.copyTo(headers, found));
            if (mcp.hasBody()) {
                toAgent.body(upload);
            }
            toAgent.onRequestSuccess(whole -> sent.set(true));
            toAgent.onResponseContentSource((answer, source) -> answer(toAgent, found, answer, source));
            post = Optional.of(toAgent);
            door.client().send(toAgent, door.limits().firstByte(), result -> ended(found, result));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** The head of the agent's answer has come. Jetty swallows what is thrown here, so nothing may be. */
    private void answer(Request toAgent, Invocation found, Response answer, Content.Source source) {
        if (!state.compareAndSet(State.SENT, State.ANSWERING)) {
            return;
        }
        try {
            if (HttpStatus.isSuccess(answer.getStatus())) {
                pass(found, answer, source);
            } else {
                new FaultReader(source, (body, whole) -> fault(toAgent, found, answer, body, whole)).read();
            }
        } catch (Throwable e) {
            toAgent.abort(e);
            fail(e);
        }
    }

    private void pass(Invocation found, Response answer, Content.Source source) throws IOException {
        AnswerHead answerHead = AnswerHead.of(answer);
        mcp.succeeded(door.mcp(), runtime, caller.subject(), answer, found.sessionId());
        mcp.idFor(answer, found.sessionId()).ifPresent(id -> reply.header(McpRequest.SESSION_ID, id));
        reportCost(found);
        AnswerRelay body = reply.relay(source, answerHead.lastWords(), new End(found, answerHead.eventStream()));
        relay = Optional.of(body);
        try {
            reply.begin(answerHead);
            reply.stream(body);
        } catch (IOException callerLeft) {
            body.onError(callerLeft);
        }
    }

    /** What the answer's end costs is not known at its beginning; the session's view has it afterwards. */
    private void reportCost(Invocation found) {
        Optional<Cost> now = reportCost ? door.costs().of(found.usage()) : Optional.empty();
        now.ifPresent(cost -> reply.header(Headers.SESSION_COST, cost.toString()));
        now.flatMap(cost -> costBefore.map(cost::minus)).ifPresent(cost -> reply.header(Headers.INVOCATION_COST, cost.toString()));
    }

    private void fault(Request toAgent, Invocation found, Response answer, String body, boolean whole) {
        try {
            if (!whole) {
                toAgent.abort(new IOException("the rest of the agent's error answer is not needed"));
            }
            String type = Objects.requireNonNullElse(answer.getHeaders().get(HttpHeader.CONTENT_TYPE), "");
            Fault fault = Fault.of(answer.getStatus(), type, body);
            blameAgent(found, mcp.understands(answer.getStatus()) ? fault.refusalAs(answer.getStatus()) : fault.refusal());
        } catch (Throwable e) {
            fail(e);
        }
    }

    private final class End implements AnswerRelay.Ending {
        private final Invocation found;
        private final boolean eventStream;

        /** @param eventStream whether an event tells the caller that the agent broke off */
        End(Invocation found, boolean eventStream) {
            this.found = found;
            this.eventStream = eventStream;
        }

        @Override
        public void callerLeft(Throwable cause) {
            reply.cut();
            if (cancelWhenLeft) {
                settle(Outcome.ABANDONED);
                abort(cause);
            }
        }

        @Override
        public void ended(Optional<Throwable> brokenOff) {
            Outcome outcome = brokenOff.isEmpty() ? Outcome.SUCCESS
                    : upload.failure().isPresent() ? Outcome.ABANDONED : Outcome.AGENT_ERROR;
            if (settle(outcome) && outcome == Outcome.AGENT_ERROR) {
                brokenOff.ifPresent(cause -> InvocationMessage.AGENT_BROKE_OFF.log(
                        found.requestId(), found.sessionId(), NoAnswer.reason(cause)));
            }
            if (brokenOff.isEmpty() || eventStream) {
                reply.complete();
            } else {
                reply.cut();
            }
        }
    }

    /** The exchange with the agent is over; only what failed before any answer is still open. */
    private void ended(Invocation found, Result result) {
        if (!state.compareAndSet(State.SENT, State.ANSWERING)) {
            return;
        }
        Throwable cause = Objects.requireNonNullElseGet(result.getFailure(), () -> new EOFException("it answered nothing"));
        if (upload.hasRest() && !(cause instanceof TimeoutException)) {
            // An agent's server that closes the connection may have seen before us that its request is broken.
            door.client().later(BROKEN_REQUEST, () -> unansweredOrFailed(found, cause));
        } else {
            unansweredOrFailed(found, cause);
        }
    }

    private void unansweredOrFailed(Invocation found, Throwable cause) {
        try {
            unanswered(found, upload.failure().orElse(cause));
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void unanswered(Invocation found, Throwable cause) {
        if (cause instanceof RequestException || cause instanceof BodyRefusedException) {
            fail(cause);
            return;
        }
        NoAnswer why = NoAnswer.of(cause, upload, found::session, door.client().isRunning());
        if (why.outcome() == Outcome.AGENT_ERROR) {
            blameAgent(found, why.refusal());
        } else {
            finish(why.outcome(), why.refusal());
        }
    }

    /** With the guest's log, if that comes in time. */
    private void blameAgent(Invocation found, Refusal refusal) {
        door.logs().tail(found).whenCompleteAsync(
                (log, failure) -> finish(Outcome.AGENT_ERROR, failure == null ? refusal.withLog(log) : refusal),
                door.client().executor());
    }

    private void fail(Throwable cause) {
        Outcome outcome = cause instanceof BodyRefusedException ? Outcome.ABANDONED : Outcome.PLATFORM_ERROR;
        if (cause instanceof RequestException refused) {
            outcome = switch (refused.kind()) {
                case PLATFORM -> Outcome.PLATFORM_ERROR;
                case AGENT -> Outcome.AGENT_ERROR;
                default -> Outcome.ABANDONED;
            };
        }
        if (outcome == Outcome.PLATFORM_ERROR) {
            InvocationMessage.REQUEST_FAILED.log(cause, invocation.map(Invocation::requestId).orElse(""), request.getMethod(),
                    request.getRequestURI(), cause.getMessage());
        }
        finish(outcome, Refusal.of(cause));
    }

    private void finish(Outcome outcome, Refusal refusal) {
        if (settle(outcome)) {
            reply.refuse(refusal);
        }
    }

    /** The one place where an exchange ends; false when it had ended already. */
    private boolean settle(Outcome outcome) {
        if (state.getAndSet(State.SETTLED) == State.SETTLED) {
            return false;
        }
        watching.close();
        cutUnlessSent();
        upload.fail(new IOException("the exchange is over"));
        invocation.ifPresent(open -> open.close(outcome));
        return true;
    }

    /** What is left of a body would be read as the next request on its connection. */
    private void cutUnlessSent() {
        if (sent.get() || post.isEmpty()) {
            return;
        }
        if (upload.taken()) {
            door.client().later(LAST_BYTES, () -> {
                if (!sent.get()) {
                    abort(notRead());
                }
            });
        } else {
            abort(notRead());
        }
    }

    private void abort(Throwable cause) {
        post.ifPresent(toAgent -> toAgent.abort(cause));
    }

    private static IOException notRead() {
        return new IOException("the agent answered without reading its request to the end");
    }
}

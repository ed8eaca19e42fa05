package dev.agentruntime.sdk;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

/** POST /invocations. */
final class InvocationsServlet extends HttpServlet {

    private static final long serialVersionUID = 1;
    private static final Logger LOG = System.getLogger(InvocationsServlet.class.getName());
    private static final String OUTCOME = "dev.agentruntime.sdk.outcome";
    private static final long NO_TIMEOUT = 0;

    private final transient AgentApplication application;

    InvocationsServlet(AgentApplication application) {
        this.application = application;
    }

    /** What a stage that the agent returned came to; carried by the request to its second dispatch. */
    private record Outcome(Object value, Throwable failure, String what) {
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getDispatcherType() == DispatcherType.ASYNC
                && request.getAttribute(OUTCOME) instanceof Outcome outcome) {
            request.removeAttribute(OUTCOME);
            answer(outcome, request, response);
        } else {
            InvocationContext context =
                    InvocationContext.of(request, application.sessionId(), application.tasks());
            answer(call(request, context), request, response);
        }
    }

    private Outcome call(HttpServletRequest request, InvocationContext context) throws IOException {
        String what = "Request " + context.requestId() + " of session " + context.sessionId();
        try {
            Object[] arguments = application.entrypoint()
                    .arguments(request.getInputStream(), charset(request), application.json(), context);
            return new Outcome(application.entrypoint().call(application.instance(), arguments), null, what);
        } catch (Throwable e) {
            return new Outcome(null, e, what);
        }
    }

    private void answer(Outcome outcome, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object value = outcome.value();
        if (outcome.failure() != null) {
            fail(outcome, response);
        } else if (value instanceof CompletionStage<?> stage) {
            await(stage, outcome.what(), request, response);
        } else if (value instanceof Flow.Publisher<?> publisher) {
            relay(publisher, outcome.what(), request, response);
        } else if (value instanceof Stream<?> stream) {
            send(stream, outcome.what(), response);
        } else if (value instanceof InputStream stream) {
            Responses.bytes(response, stream);
        } else if (value instanceof byte[] bytes) {
            Responses.bytes(response, bytes);
        } else if (value == null && application.entrypoint().isVoid()) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else {
            sendJson(outcome, response);
        }
    }

    private void sendJson(Outcome outcome, HttpServletResponse response) throws IOException {
        String json;
        try {
            json = application.json().write(outcome.value());
        } catch (RuntimeException e) {
            fail(new Outcome(null, e, outcome.what()), response);
            return;
        }
        Responses.json(response, HttpServletResponse.SC_OK, json);
    }

    private static void fail(Outcome outcome, HttpServletResponse response) throws IOException {
        Throwable cause = Errors.cause(outcome.failure());
        if (cause instanceof BadRequestException refusal) {
            Responses.json(response, HttpServletResponse.SC_BAD_REQUEST, Errors.body(refusal));
            return;
        }
        LOG.log(Level.WARNING, outcome.what() + " failed: " + Errors.message(cause), cause);
        Responses.json(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, Errors.body(cause));
    }

    /** Comes back by a dispatch, so that every answer is written on a thread of the container. */
    private static void await(CompletionStage<?> stage, String what, HttpServletRequest request,
                              HttpServletResponse response) throws IOException {
        if (refusedAsync(request, response, what)) {
            return;
        }
        AsyncContext async = request.startAsync();
        async.setTimeout(NO_TIMEOUT);
        stage.whenComplete((value, failure) -> {
            request.setAttribute(OUTCOME, new Outcome(value, failure, what));
            async.dispatch();
        });
    }

    private void relay(Flow.Publisher<?> publisher, String what, HttpServletRequest request,
                       HttpServletResponse response) throws IOException {
        if (refusedAsync(request, response, what)) {
            return;
        }
        Responses.startEvents(response);
        AsyncContext async = request.startAsync();
        async.setTimeout(NO_TIMEOUT);
        EventStream events = new EventStream(response.getOutputStream(), application.json());
        EventRelay relay = new EventRelay(events, async::complete, what);
        async.addListener(new ClientWatch(relay));
        try {
            publisher.subscribe(relay);
        } catch (RuntimeException e) {
            relay.onError(e);
        }
    }

    private void send(Stream<?> stream, String what, HttpServletResponse response) throws IOException {
        Responses.startEvents(response);
        EventStream events = new EventStream(response.getOutputStream(), application.json());
        try (stream) {
            Iterator<?> items = stream.iterator();
            while (items.hasNext()) {
                events.send(items.next());
            }
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, what + " failed while it was streaming: " + Errors.message(e), e);
            events.sendFailure(e);
        }
    }

    private static boolean refusedAsync(HttpServletRequest request, HttpServletResponse response, String what)
            throws IOException {
        if (request.isAsyncSupported()) {
            return false;
        }
        fail(new Outcome(null, new IllegalStateException("A filter in front of /invocations does not support asynchronous"
                + " requests, which this agent's result needs. Declare the filter with asyncSupported = true"), what), response);
        return true;
    }

    private static Charset charset(HttpServletRequest request) {
        String name = request.getCharacterEncoding();
        try {
            return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("Invalid encoding", "This server does not know the character set " + name, e);
        }
    }

    private record ClientWatch(EventRelay relay) implements AsyncListener {
        @Override
        public void onError(AsyncEvent event) {
            relay.clientGone(event.getThrowable());
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            relay.clientGone(event.getThrowable());
        }

        @Override
        public void onComplete(AsyncEvent event) {
            // the relay asked for it
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // nobody starts it again
        }
    }
}

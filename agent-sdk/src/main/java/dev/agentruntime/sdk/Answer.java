package dev.agentruntime.sdk;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Iterator;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

/** The answer to one invocation, in the form its result asks for. For one thread at a time. */
final class Answer {

    private static final Logger LOG = System.getLogger(Answer.class.getName());
    private static final long NO_TIMEOUT = 0;

    private final AgentApplication application;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final String what;
    private final Runnable atEnd;
    private AsyncContext async;

    /**
     * @param what  the request, for the log
     * @param atEnd what is to be done when the answer has been given, or nobody can be given it
     */
    Answer(AgentApplication application, HttpServletRequest request, HttpServletResponse response, String what, Runnable atEnd) {
        this.application = application;
        this.request = request;
        this.response = response;
        this.what = what;
        this.atEnd = atEnd;
    }

    /** Answers with what the agent returned, now or when it is there. */
    void give(Object result) throws IOException {
        if (result instanceof CompletionStage<?> stage) {
            await(stage);
        } else if (result instanceof Flow.Publisher<?> publisher) {
            relay(publisher);
        } else {
            try {
                giveNow(result);
            } catch (RuntimeException | Error e) {
                failLate(e);
                return;
            }
            completeIfAsync();
        }
    }

    /** Answers with what the agent threw. */
    void fail(Throwable failure) throws IOException {
        Throwable cause = Errors.cause(failure);
        if (cause instanceof BadRequestException refusal) {
            Responses.json(response, HttpServletResponse.SC_BAD_REQUEST, Errors.body(refusal));
        } else if (cause instanceof AuthorizationRequiredException required) {
            Responses.json(response, HttpServletResponse.SC_OK, Errors.consent(required)); // of an error, clients see 200 characters
        } else {
            LOG.log(Level.WARNING, what + " failed: " + Errors.message(cause), cause);
            Responses.json(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, Errors.body(cause));
        }
        completeIfAsync();
    }

    /** The container's thread has done its part; what is left of the answer, if anything, is given by others. */
    void returned() {
        if (async == null) {
            atEnd.run();
        }
    }

    private void giveNow(Object result) throws IOException {
        if (result instanceof Stream<?> stream) {
            send(stream);
        } else if (result instanceof InputStream stream) {
            Responses.bytes(response, stream);
        } else if (result instanceof byte[] bytes) {
            Responses.bytes(response, bytes);
        } else if (result == null && application.entrypoint().isVoid()) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else {
            Responses.json(response, HttpServletResponse.SC_OK, application.json().write(result));
        }
    }

    /** What fails while it is sent is told as any failure as long as nothing has gone; later the answer must not look whole. */
    private void failLate(Throwable failure) throws IOException {
        if (!response.isCommitted()) {
            response.resetBuffer();
            fail(failure);
            return;
        }
        AnswersConnection.cut(request);
        throw new IllegalStateException("The answer broke off: " + Errors.message(Errors.cause(failure)), Errors.cause(failure));
    }

    // Not by a dispatch: Open Liberty never finishes a dispatched request that came with an upgrade to HTTP/2.
    private void await(CompletionStage<?> stage) throws IOException {
        if (!asyncIsPossible()) {
            return;
        }
        goAsync();
        stage.whenComplete((value, failure) -> async.start(() -> giveLater(value, failure)));
    }

    /** Nobody above sees what is thrown here, and a request that nobody completes has no end. */
    private void giveLater(Object value, Throwable failure) {
        try {
            if (failure == null) {
                give(value);
            } else {
                fail(failure);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, what + ": the client left before the answer was there", e);
            async.complete();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, what + " could not be answered: " + Errors.message(e), e);
            async.complete();
        }
    }

    private void relay(Flow.Publisher<?> publisher) throws IOException {
        if (!asyncIsPossible()) {
            return;
        }
        Responses.startEvents(response);
        goAsync();
        EventRelay relay = new EventRelay(
                new EventStream(response.getOutputStream(), application.json()), async::complete, what);
        async.addListener(new ClientWatch(relay));
        try {
            publisher.subscribe(relay);
        } catch (RuntimeException e) {
            relay.onError(e);
        }
    }

    private void send(Stream<?> stream) throws IOException {
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

    private boolean asyncIsPossible() throws IOException {
        if (request.isAsyncSupported()) {
            return true;
        }
        fail(new IllegalStateException("A filter in front of /invocations does not support asynchronous requests,"
                + " which this agent's result needs. Declare the filter with asyncSupported = true"));
        return false;
    }

    private void goAsync() {
        if (async == null) {
            async = request.startAsync();
            async.setTimeout(NO_TIMEOUT);
            async.addListener(new EndWatch(atEnd));
        }
    }

    private void completeIfAsync() {
        if (async != null) {
            async.complete();
        }
    }

    private record EndWatch(Runnable atEnd) implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            atEnd.run();
        }

        @Override
        public void onError(AsyncEvent event) {
            // completion follows
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // there is none
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // nobody starts it again
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

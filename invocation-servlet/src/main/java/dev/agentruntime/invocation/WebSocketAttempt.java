package dev.agentruntime.invocation;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Causes;
import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.Invocation.Outcome;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.invocation.AgentHandshake.Accepted;
import dev.agentruntime.invocation.AgentHandshake.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/** One caller's WebSocket until it is open, from the session that is to serve it on. What it holds is given back when it is not. */
final class WebSocketAttempt {

    /** For a guest to accept: what serves its WebSockets may be loaded only then. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * What a caller wants.
     *
     * @param caller who is told why not
     * @param aim   to be connected with
     * @param path  where that is served
     * @param head  what an agent gets of the request's head
     * @param added what it gets besides
     */
    record Wish(Caller caller, WebSocketAim aim, String path, WebSocketHandshake handshake, AgentHeaders head, List<HttpField> added) {

        private HttpFields fields(Invocation found) {
            HttpFields.Mutable fields = HttpFields.build();
            head.copyTo(fields, found);
            added.forEach(fields::add);
            return fields;
        }
    }

    private final Wish wish;
    private final WebSocketAnswer answer;
    private final OpenSockets.Place ofSubject;
    private final FrontDoor door;

    WebSocketAttempt(Wish wish, WebSocketAnswer answer, OpenSockets.Place ofSubject, FrontDoor door) {
        this.wish = wish;
        this.answer = answer;
        this.ofSubject = ofSubject;
        this.door = door;
    }

    /** There will be none. */
    void refuse(Refusal refusal) {
        ofSubject.close();
        answer.refuse(refusal);
    }

    /** Connects it with {@code found}, which is closed when the WebSocket is, or when there is none. Does not block. */
    void begin(Invocation found) {
        OpenSockets.Place ofSession = () -> { };
        Optional<GuestStream> stream = Optional.empty();
        try {
            HttpFields fields = wish.fields(found);
            ofSession = door.sockets().ofSession(found.vm());
            stream = Optional.of(found.connect(wish.aim().target()));
            ask(found, stream.get(), fields, ofSession);
        } catch (RuntimeException failure) {
            stream.ifPresent(GuestStream::close);
            ofSession.close();
            fail(found, failure);
        }
    }

    private void ask(Invocation found, GuestStream stream, HttpFields fields, OpenSockets.Place ofSession) {
        Runnable inTime = door.client().later(PATIENCE, stream::close);
        AgentHandshake.begin(stream, door.client().executor(), wish.path(), fields, wish.handshake().protocols())
                .whenCompleteAsync((accepted, failure) -> {
                    inTime.run();
                    if (failure == null) {
                        connect(found, stream, accepted, ofSession);
                    } else {
                        stream.close();
                        ofSession.close();
                        refuse(found, Causes.bare(failure));
                    }
                }, door.client().executor());
    }

    private void connect(Invocation found, GuestStream stream, Accepted accepted, OpenSockets.Place ofSession) {
        AtomicReference<OpenSockets.Place> open = new AtomicReference<>(() -> { });
        WebSocketRelay relay = new WebSocketRelay(stream, accepted.early(), () -> found.session().terminationReason(), door.client().executor(),
                door.client()::later, outcome -> {
                    open.get().close();
                    ofSession.close();
                    ofSubject.close();
                    found.close(outcome);
                });
        open.set(door.sockets().until(() -> relay.stop(WebSocketClose.GOING_AWAY, "The server is being stopped")));
        answer.accept(wish.handshake(), accepted.protocol(), found, relay);
    }

    private void refuse(Invocation found, Throwable failure) {
        Optional<Fault> fault = failure instanceof RefusedException refused ? refused.fault() : Optional.empty();
        if (fault.isPresent()) {
            end(found, Outcome.AGENT_ERROR, wish.aim().refusal(fault.get()));
        } else if (failure instanceof IOException) {
            end(found, Outcome.AGENT_ERROR, Refusal.of(Kind.AGENT, found.session().terminationReason()
                    .map(ended -> "The session ended before its WebSocket was open: " + ended)
                    .orElseGet(() -> failure instanceof RefusedException ? failure.getMessage()
                            : "The agent did not accept the WebSocket: " + NoAnswer.reason(failure))));
        } else {
            fail(found, failure);
        }
    }

    private void fail(Invocation found, Throwable failure) {
        if (failure instanceof RequestException refused && refused.kind() != Kind.PLATFORM) {
            end(found, Outcome.ABANDONED, Refusal.of(refused, wish.caller()));
        } else {
            InvocationMessage.REQUEST_FAILED.log(failure, found.requestId(), "GET", wish.aim().target(), failure.getMessage());
            end(found, Outcome.PLATFORM_ERROR, Refusal.of(failure, wish.caller()));
        }
    }

    private void end(Invocation found, Outcome outcome, Refusal refusal) {
        found.close(outcome);
        refuse(refusal);
    }
}

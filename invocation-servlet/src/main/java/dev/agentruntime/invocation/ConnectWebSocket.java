package dev.agentruntime.invocation;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Causes;
import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.Invocation.Outcome;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Target;
import dev.agentruntime.invocation.AgentHandshake.Accepted;
import dev.agentruntime.invocation.AgentHandshake.RefusedException;
import dev.agentruntime.invocation.Operation.Call;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;

/** Connects a caller's WebSocket with one in its session's VM. */
final class ConnectWebSocket implements Operation.Handler {

    /** For a guest to accept: what serves its WebSockets may be loaded only then. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TOO_MANY = 429;
    private static final Pattern SHELL_ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,127}");
    private static final String CUSTOM = "x-amzn-bedrock-agentcore-runtime-custom-";

    /** What a caller wants to be connected with. */
    interface Aim {
        /** The stream's target in the guest. */
        Target target();

        /** Where it is served, as it goes over the wire. @throws RequestException the query does not say what it has to */
        String path(Query query);

        /** The answer to a caller whom the guest has refused. */
        Refusal refusal(Fault fault);
    }

    /** The agent's own WebSocket. */
    static final Aim AGENT = new Aim() {
        @Override
        public Target target() {
            return Target.AGENT;
        }

        @Override
        public String path(Query query) {
            return "/ws";
        }

        @Override
        public Refusal refusal(Fault fault) {
            Refusal refusal = fault.refusal();
            return fault.status() == HttpServletResponse.SC_NOT_FOUND
                    ? refusal.saying("The agent serves no WebSocket at /ws") : refusal;
        }
    };

    /** A shell on a terminal in the VM. */
    static final Aim SHELL = new Aim() {
        @Override
        public Target target() {
            return new Target("shell");
        }

        @Override
        public String path(Query query) {
            String id = query.first("shellId").orElseGet(() -> UUID.randomUUID().toString());
            if (!SHELL_ID.matcher(id).matches()) {
                throw new RequestException(Kind.VALIDATION, "'shellId' is 1 to 128 letters, digits, '_' and '-', the first a letter or digit");
            }
            return "/ws/shells?shellId=" + id;
        }

        @Override
        public Refusal refusal(Fault fault) {
            return fault.status() == TOO_MANY ? Refusal.of(Kind.THROTTLED, fault.words())
                    : Refusal.of(Kind.PLATFORM, "The VM could not start a shell: " + Fault.excerpt(fault.words()));
        }
    };

    private final Platform platform;
    private final FrontDoor door;
    private final Aim aim;
    private final WebSocketAnswer.Waiting opening;

    ConnectWebSocket(Platform platform, FrontDoor door, Aim aim) {
        this.platform = platform;
        this.door = door;
        this.aim = aim;
        opening = door.opening();
    }

    @Override
    public void serve(Call call) throws IOException {
        HttpServletRequest request = call.request();
        WebSocketHandshake handshake = WebSocketHandshake.of(request);
        Query query = Query.of(request);
        RequestHead head = RequestHead.of(request, () -> false);
        List<HttpField> custom = custom(query);
        Optional<String> token = Optional.ofNullable(request.getHeader(Headers.TOKEN)).filter(Headers::isToken);
        String path = aim.path(query);
        InvocationRequest asked = new InvocationRequest(call.path("runtime"), session(request, query), call.caller())
                .at(query.first("qualifier").orElse(""));
        opening.enter(call.caller().subject());
        try {
            OpenSockets.Place place = door.sockets().ofSubject(call.caller().subject());
            WebSocketAnswer answer = new WebSocketAnswer(request, call.response(), door.client().executor());
            begin(call, asked, answer, place, found -> new Attempt(answer, place, handshake, found).begin(path, () -> fields(head, custom, token, found, call.caller())));
            answer.await();
        } finally {
            opening.leave(call.caller().subject());
        }
    }

    private void begin(Call call, InvocationRequest asked, WebSocketAnswer answer, OpenSockets.Place place, Consumer<Invocation> then) {
        try {
            platform.invoke(asked).whenCompleteAsync((found, failure) -> {
                if (failure == null) {
                    then.accept(found);
                } else {
                    Refusal refusal = Refusal.of(failure);
                    refuse(answer, place, call.caller().admin() ? refusal.withLog(GuestLogs.tail(refusal.log()))
                            : refusal.withLog(List.of()).withoutFolders());
                }
            }, door.client().executor());
        } catch (RuntimeException refused) {
            refuse(answer, place, Refusal.of(refused));
        }
    }

    private static void refuse(WebSocketAnswer answer, OpenSockets.Place place, Refusal refusal) {
        place.close();
        answer.refuse(refusal);
    }

    private static Optional<String> session(HttpServletRequest request, Query query) {
        Optional<String> inHeader = Optional.ofNullable(request.getHeader(Headers.SESSION_ID));
        Optional<String> inQuery = query.first(Headers.SESSION_ID);
        if (inHeader.isPresent() && inQuery.isPresent() && !inHeader.equals(inQuery)) {
            throw new RequestException(Kind.VALIDATION, "Header and query name two sessions in " + Headers.SESSION_ID);
        }
        return inHeader.or(() -> inQuery);
    }

    /** Of browsers, which send no headers of a page's own, custom ones come in the query. */
    private static List<HttpField> custom(Query query) {
        List<HttpField> fields = new ArrayList<>();
        int all = 0;
        for (String name : query.values().keySet()) {
            if (name.toLowerCase(Locale.ROOT).startsWith(CUSTOM)) {
                String value = query.first(name).orElse("");
                all += name.length() + value.length();
                if (!name.chars().allMatch(c -> Character.isLetterOrDigit(c) && c < 0x7f || c == '-' || c == '_')
                        || !value.chars().allMatch(c -> c >= ' ' && c <= 0xff && c != 0x7f)) {
                    throw new RequestException(Kind.VALIDATION, "The query's " + Headers.value(name) + " cannot be passed on as a header");
                }
                if (value.length() > RequestHead.MOST_IN_ONE || all > RequestHead.MOST_IN_ALL || fields.size() >= RequestHead.MOST_FIELDS) {
                    throw new RequestException(Kind.VALIDATION, "The query's headers for the agent are too many or too long");
                }
                fields.add(new HttpField(name, value));
            }
        }
        return fields;
    }

    private static List<HttpField> fields(RequestHead head, List<HttpField> custom, Optional<String> token, Invocation found, Caller caller) {
        List<HttpField> fields = new ArrayList<>(head.with(found.headers()));
        fields.addAll(custom);
        token.filter(value -> found.passesToken()).ifPresent(value -> fields.add(new HttpField(Headers.TOKEN, value)));
        fields.add(new HttpField(Headers.SESSION_ID, found.sessionId()));
        fields.add(new HttpField(Headers.AGENT_REQUEST_ID, found.requestId()));
        fields.add(new HttpField(Headers.CALLER_ISSUER, Headers.value(caller.subject().issuer())));
        fields.add(new HttpField(Headers.CALLER_SUBJECT, Headers.value(caller.subject().name())));
        return fields;
    }

    /** One connection, from the session that serves it on. */
    private final class Attempt {
        private final WebSocketAnswer answer;
        private final OpenSockets.Place place;
        private final WebSocketHandshake handshake;
        private final Invocation found;

        Attempt(WebSocketAnswer answer, OpenSockets.Place place, WebSocketHandshake handshake, Invocation found) {
            this.answer = answer;
            this.place = place;
            this.handshake = handshake;
            this.found = found;
        }

        void begin(String path, Supplier<List<HttpField>> headers) {
            OpenSockets.Place ofSession;
            List<HttpField> fields;
            try {
                fields = headers.get();
                ofSession = door.sockets().ofSession(found.vm());
            } catch (RequestException tooMany) {
                fail(tooMany, Outcome.ABANDONED);
                return;
            } catch (RuntimeException e) {
                fail(e, Outcome.PLATFORM_ERROR);
                return;
            }
            try {
                ask(found.connect(aim.target()), path, fields, ofSession);
            } catch (RuntimeException gone) {
                ofSession.close();
                fail(gone, Outcome.PLATFORM_ERROR);
            }
        }

        private void ask(GuestStream stream, String path, List<HttpField> fields, OpenSockets.Place ofSession) {
            Runnable takeBack = door.client().later(PATIENCE, stream::close);
            AgentHandshake.begin(stream, door.client().executor(), path, fields, handshake.protocols())
                    .whenCompleteAsync((accepted, failure) -> {
                        takeBack.run();
                        if (failure == null) {
                            connect(stream, accepted, ofSession);
                        } else {
                            stream.close();
                            ofSession.close();
                            refuse(Causes.bare(failure));
                        }
                    }, door.client().executor());
        }

        private void connect(GuestStream stream, Accepted accepted, OpenSockets.Place ofSession) {
            AtomicReference<OpenSockets.Place> open = new AtomicReference<>(() -> { });
            WebSocketRelay relay = new WebSocketRelay(stream, accepted.early(), () -> found.session().terminationReason(), door.client().executor(),
                    door.client()::later, outcome -> {
                        open.get().close();
                        ofSession.close();
                        place.close();
                        found.close(outcome);
                    });
            open.set(door.sockets().until(() -> relay.stop(WebSocketClose.GOING_AWAY, "The server is being stopped")));
            answer.accept(handshake, accepted.protocol(), found, relay);
        }

        private void refuse(Throwable failure) {
            Optional<Fault> fault = failure instanceof RefusedException refused ? refused.fault() : Optional.empty();
            if (fault.isPresent()) {
                end(Outcome.AGENT_ERROR, aim.refusal(fault.get()));
            } else if (failure instanceof IOException) {
                end(Outcome.AGENT_ERROR, Refusal.of(Kind.AGENT, found.session().terminationReason()
                        .map(ended -> "The session ended before its WebSocket was open: " + ended)
                        .orElseGet(() -> failure instanceof RefusedException ? failure.getMessage()
                                : "The agent did not accept the WebSocket: " + NoAnswer.reason(failure))));
            } else {
                fail(failure, Outcome.PLATFORM_ERROR);
            }
        }

        private void fail(Throwable failure, Outcome outcome) {
            if (outcome == Outcome.PLATFORM_ERROR) {
                InvocationMessage.REQUEST_FAILED.log(failure, found.requestId(), "GET", aim.target(), failure.getMessage());
            }
            end(outcome, Refusal.of(failure));
        }

        private void end(Outcome outcome, Refusal refusal) {
            found.close(outcome);
            ConnectWebSocket.refuse(answer, place, refusal);
        }
    }
}

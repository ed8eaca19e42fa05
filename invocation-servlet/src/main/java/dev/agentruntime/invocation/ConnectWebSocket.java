package dev.agentruntime.invocation;

import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.invocation.Operation.Call;
import dev.agentruntime.invocation.WebSocketAttempt.Wish;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;

/** Connects a caller's WebSocket with one in its session's VM. */
final class ConnectWebSocket implements Operation.Handler {

    private final Platform platform;
    private final FrontDoor door;
    private final WebSocketAim aim;

    ConnectWebSocket(Platform platform, FrontDoor door, WebSocketAim aim) {
        this.platform = platform;
        this.door = door;
        this.aim = aim;
    }

    @Override
    public void serve(Call call) throws IOException {
        HttpServletRequest request = call.request();
        WebSocketHandshake handshake = WebSocketHandshake.of(request);
        Query query = Query.of(request);
        Wish wish = new Wish(call.caller(), aim, aim.path(query), handshake, AgentHeaders.of(request, RequestHead.of(request, () -> false), call.caller(), door.tokens()),
                QueryHeaders.of(query));
        InvocationRequest asked = new InvocationRequest(call.path("runtime"), session(request, query), call.caller())
                .at(query.first("qualifier").orElse("")).to(aim.purpose());
        door.opening().enter(call.caller().subject());
        try {
            OpenSockets.Place place = door.sockets().ofSubject(call.caller().subject());
            WebSocketAnswer answer = new WebSocketAnswer(request, call.response(), door.client().executor(), door.callers());
            begin(asked, new WebSocketAttempt(wish, answer, place, door));
            answer.await();
        } finally {
            door.opening().leave(call.caller().subject());
        }
    }

    private void begin(InvocationRequest asked, WebSocketAttempt attempt) {
        try {
            platform.invoke(asked).whenCompleteAsync((found, failure) -> {
                if (failure == null) {
                    attempt.begin(found);
                } else {
                    attempt.refuse(Refusal.of(failure, asked.caller()));
                }
            }, door.client().executor());
        } catch (RuntimeException refused) {
            attempt.refuse(Refusal.of(refused, asked.caller()));
        }
    }

    private static Optional<String> session(HttpServletRequest request, Query query) {
        Optional<String> inHeader = Optional.ofNullable(request.getHeader(Headers.SESSION_ID));
        Optional<String> inQuery = query.first(Headers.SESSION_ID);
        if (inHeader.isPresent() && inQuery.isPresent() && !inHeader.equals(inQuery)) {
            throw new RequestException(Kind.VALIDATION, "Header and query name two sessions in " + Headers.SESSION_ID);
        }
        return inHeader.or(() -> inQuery);
    }
}

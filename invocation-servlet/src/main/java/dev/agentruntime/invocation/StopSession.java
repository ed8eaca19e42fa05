package dev.agentruntime.invocation;

import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.invocation.Operation.Call;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Ends a session, and answers when its VM is proven gone. */
final class StopSession implements Operation.Handler {

    /** A clientToken, which says nothing here: whoever stops a session again is told that it has ended. */
    private static final int MOST_BYTES = 4096;

    private final Platform platform;
    private final Costs costs;

    StopSession(Platform platform, Costs costs) {
        this.platform = platform;
        this.costs = costs;
    }

    @Override
    public void serve(Call call) throws IOException {
        if (call.body().readNBytes(MOST_BYTES + 1).length > MOST_BYTES) { // a signed one is the right one only once it is read
            throw new RequestException(RequestException.Kind.VALIDATION, "The session was not stopped: the body has more than " + MOST_BYTES + " bytes");
        }
        CompletionStage<SessionView> stopping = platform.stop(call.path("runtime"), session(call), call.caller());
        AsyncContext async = call.request().startAsync();
        async.setTimeout(0);
        stopping.whenComplete((ended, failure) -> {
            try {
                answer(call, ended, failure);
            } catch (IOException | IllegalStateException callerLeft) {
                // The session has ended all the same.
            } finally {
                async.complete();
            }
        });
    }

    /** Our own path names it; AgentCore's has it in the header that invocations have it in. */
    private static String session(Call call) {
        return Optional.ofNullable(call.path("session")).or(() -> Optional.ofNullable(call.request().getHeader(Headers.SESSION_ID)))
                .orElseThrow(() -> new RequestException(RequestException.Kind.VALIDATION,
                        "The header " + Headers.SESSION_ID + " must name the session that is to end"));
    }

    private void answer(Call call, SessionView ended, Throwable failure) throws IOException {
        HttpServletResponse response = call.response();
        if (failure == null) {
            response.setHeader(Headers.SESSION_ID, ended.sessionId());
            Answers.json(response, Views.session(ended, costs));
        } else {
            Answers.refuse(response, Refusal.of(failure, call.caller()));
        }
    }
}

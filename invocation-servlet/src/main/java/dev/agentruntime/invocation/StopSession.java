package dev.agentruntime.invocation;

import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.invocation.Operation.Call;
import java.io.IOException;
import java.util.Optional;

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
        Answers.later(call, platform.stop(call.path("runtime"), session(call), call.caller()), ended -> {
            call.response().setHeader(Headers.SESSION_ID, ended.sessionId());
            return Views.session(ended, costs);
        });
    }

    /** Our own path names it; AgentCore's has it in the header that invocations have it in. */
    private static String session(Call call) {
        return Optional.ofNullable(call.path("session")).or(() -> Optional.ofNullable(call.request().getHeader(Headers.SESSION_ID)))
                .orElseThrow(() -> new RequestException(RequestException.Kind.VALIDATION,
                        "The header " + Headers.SESSION_ID + " must name the session that is to end"));
    }
}

package dev.agentruntime.invocation;

import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.invocation.Operation.Call;
import java.io.IOException;

/** Begins sessions with the memory of one, and answers which they are. */
final class ForkSession implements Operation.Handler {

    private static final String COUNT = "count";

    private final Platform platform;
    private final Costs costs;

    ForkSession(Platform platform, Costs costs) {
        this.platform = platform;
        this.costs = costs;
    }

    @Override
    public void serve(Call call) throws IOException {
        int count = count(Query.of(call.request()).first(COUNT).orElse("1"));
        if (call.body().read() >= 0) { // a signed one is the right one only once it is read
            throw new RequestException(Kind.VALIDATION, "The session was not forked: this request has no body");
        }
        // Whose caller has left by then finds the sessions in the list of the runtime's.
        Answers.later(call, platform.fork(call.path("runtime"), call.path("session"), call.caller(), count), forks -> Views.sessions(forks, costs));
    }

    private static int count(String text) {
        if (!text.matches("[0-9]{1,4}")) {
            throw new RequestException(Kind.VALIDATION, "The session was not forked: " + COUNT + " must be a whole number, the number of new sessions");
        }
        return Integer.parseInt(text);
    }
}

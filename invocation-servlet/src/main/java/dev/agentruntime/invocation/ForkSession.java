package dev.agentruntime.invocation;

import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.invocation.Operation.Call;
import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.util.List;

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
        var forking = platform.fork(call.path("runtime"), call.path("session"), call.caller(), count);
        AsyncContext async = call.request().startAsync();
        async.setTimeout(0);
        forking.whenComplete((forks, failure) -> {
            try {
                answer(call, forks, failure);
            } catch (IOException | IllegalStateException callerLeft) {
                // The sessions are in the list of the runtime's.
            } finally {
                async.complete();
            }
        });
    }

    private static int count(String text) {
        if (!text.matches("[0-9]{1,4}")) {
            throw new RequestException(Kind.VALIDATION, "The session was not forked: " + COUNT + " must be a whole number, the number of new sessions");
        }
        return Integer.parseInt(text);
    }

    private void answer(Call call, List<SessionView> forks, Throwable failure) throws IOException {
        if (failure == null) {
            Answers.json(call.response(), Views.sessions(forks, costs));
        } else {
            Answers.refuse(call.response(), Refusal.of(failure, call.caller()));
        }
    }
}

package dev.agentruntime.invocation;

import dev.agentruntime.api.Platform;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.invocation.Operation.Call;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** Ends a session, and answers when its VM is proven gone. */
final class StopSession implements Operation.Handler {

    private final Platform platform;

    StopSession(Platform platform) {
        this.platform = platform;
    }

    @Override
    public void serve(Call call) {
        CompletionStage<SessionView> stopping = platform.stop(call.path("runtime"), call.path("session"), call.caller());
        AsyncContext async = call.request().startAsync();
        async.setTimeout(0);
        stopping.whenComplete((ended, failure) -> {
            try {
                answer(call.response(), ended, failure);
            } catch (IOException | IllegalStateException callerLeft) {
                // The session has ended all the same.
            } finally {
                async.complete();
            }
        });
    }

    private static void answer(HttpServletResponse response, SessionView ended, Throwable failure) throws IOException {
        if (failure == null) {
            Answers.json(response, Views.session(ended));
        } else {
            Answers.refuse(response, Refusal.of(failure));
        }
    }
}

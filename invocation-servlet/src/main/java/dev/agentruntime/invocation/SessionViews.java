package dev.agentruntime.invocation;

import dev.agentruntime.api.Platform;
import dev.agentruntime.invocation.Operation.Call;
import java.io.IOException;

/** Shows sessions to those who may see them. */
final class SessionViews {

    private final Platform platform;
    private final Costs costs;

    SessionViews(Platform platform, Costs costs) {
        this.platform = platform;
        this.costs = costs;
    }

    void all(Call call) throws IOException {
        Answers.json(call.response(), Views.sessions(platform.sessions(call.path("runtime"), call.caller()), costs));
    }

    void one(Call call) throws IOException {
        Answers.json(call.response(), Views.session(
                platform.session(call.path("runtime"), call.path("session"), call.caller()), costs));
    }
}

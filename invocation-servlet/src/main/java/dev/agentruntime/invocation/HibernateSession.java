package dev.agentruntime.invocation;

import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.invocation.Operation.Call;
import java.io.IOException;

/** Puts a session on the disk, and answers when its VM is gone. */
final class HibernateSession implements Operation.Handler {

    private final Platform platform;
    private final Costs costs;

    HibernateSession(Platform platform, Costs costs) {
        this.platform = platform;
        this.costs = costs;
    }

    @Override
    public void serve(Call call) throws IOException {
        if (call.body().read() >= 0) { // a signed one is the right one only once it is read
            throw new RequestException(Kind.VALIDATION, "The session was not put on the disk: this request has no body");
        }
        Answers.later(call, platform.hibernate(call.path("runtime"), call.path("session"), call.caller()), there -> Views.session(there, costs));
    }
}

package dev.agentruntime.invocation;

import dev.agentruntime.api.Platform;
import dev.agentruntime.invocation.Operation.Call;
import java.io.IOException;

/** Shows agent runtimes. */
final class RuntimeViews {

    private final Platform platform;

    RuntimeViews(Platform platform) {
        this.platform = platform;
    }

    void all(Call call) throws IOException {
        Answers.json(call.response(), Views.runtimes(platform.runtimes(), call.caller()));
    }

    void one(Call call) throws IOException {
        Answers.json(call.response(), Views.runtime(platform.runtime(call.path("runtime")), call.caller()));
    }
}

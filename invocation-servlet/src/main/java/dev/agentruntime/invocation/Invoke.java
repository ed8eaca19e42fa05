package dev.agentruntime.invocation;

import dev.agentruntime.api.Platform;
import dev.agentruntime.invocation.Operation.Call;
import java.io.IOException;

/** Passes a request on to an agent. */
final class Invoke implements Operation.Handler {

    private final Platform platform;
    private final FrontDoor door;

    Invoke(Platform platform, FrontDoor door) {
        this.platform = platform;
        this.door = door;
    }

    @Override
    public void serve(Call call) throws IOException {
        Exchange.begin(call.request(), call.response(), call.path("runtime"), call.caller(), platform, door);
    }
}

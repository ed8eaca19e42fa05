package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Whether a command returns at once or when what it has begun is ready. */
final class WaitOptions {

    @Option(names = "--wait", description = "Return when it is ready, or with the reason why it cannot be.")
    private boolean wait;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "900", description = "How long to wait. Default: ${DEFAULT-VALUE}.")
    private int timeout;

    boolean isWanted() {
        return wait;
    }

    /** @throws Problem the time is none */
    Waiting waiting(AgentRuntimeClient client, Surroundings surroundings, Meter meter) {
        if (timeout < 0) {
            throw new Problem(ExitCode.USAGE, "--timeout " + timeout + " is no time. It is in seconds.");
        }
        return new Waiting(client, surroundings, meter, Duration.ofSeconds(timeout));
    }
}

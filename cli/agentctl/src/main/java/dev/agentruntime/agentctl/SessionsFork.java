package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.SessionInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "fork", description = {"Begin new sessions with the memory that one has now, each in a VM of its own. The session goes on.",
    "Its owner can do that, while it is Idle."})
final class SessionsFork extends SessionAction {

    @Option(names = "--count", paramLabel = "COUNT", defaultValue = "1", description = "How many, 1 to 64. Default: ${DEFAULT-VALUE}.")
    private int count;

    SessionsFork(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        AgentRuntimeClient client = client();
        for (SessionInfo fork : client.fork(runtime(client, agent()), session(), count)) {
            if (json()) {
                print(fork.json());
            } else {
                out().println(Text.plain(fork.id()) + " begins with the memory of " + session());
            }
        }
        return ExitCode.OK;
    }
}

package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "logs", description = "Show what a session's agent has printed and its server has logged.")
final class SessionsLogs extends SessionAction {

    @Option(names = {"-f", "--follow"}, description = "Go on with each line as it is written, until the session ends.")
    private boolean follow;

    @Option(names = {"-n", "--lines"}, paramLabel = "COUNT", defaultValue = "100", description = "How many of the latest lines. Default: ${DEFAULT-VALUE}.")
    private int lines;

    SessionsLogs(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        AgentRuntimeClient client = client();
        new LogPrinter(client, surroundings(), json()).print(runtime(client, agent()), session(), lines, follow);
        return ExitCode.OK;
    }
}

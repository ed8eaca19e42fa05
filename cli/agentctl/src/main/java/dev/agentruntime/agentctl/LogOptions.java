package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import picocli.CommandLine.Option;

/** How much of a log is shown, and whether it goes on. */
final class LogOptions {

    @Option(names = {"-f", "--follow"}, description = "Go on with each line as it is written, until the session ends.")
    private boolean follow;

    @Option(names = {"-n", "--lines"}, paramLabel = "COUNT", defaultValue = "100", description = "How many of the latest lines. Default: ${DEFAULT-VALUE}.")
    private int lines;

    void print(AgentRuntimeClient client, Surroundings surroundings, boolean json, String agent, String session) {
        new LogPrinter(client, surroundings, json).print(agent, session, lines, follow);
    }
}

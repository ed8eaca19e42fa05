package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "logs", description = "Show what a session's agent has printed and its server has logged.")
final class SessionsLogs extends SessionAction {

    @Mixin
    private LogOptions log;

    SessionsLogs(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        AgentRuntimeClient client = client();
        log.print(client, surroundings(), json(), runtime(client, agent()), session());
        return ExitCode.OK;
    }
}

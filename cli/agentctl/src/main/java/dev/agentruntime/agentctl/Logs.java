package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.SessionInfo;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "logs", description = "Show the log of an agent's newest session that lives, or that ended last.")
final class Logs extends ServerAction {

    @Parameters(paramLabel = "NAME", description = "The agent.")
    private String name;

    @Option(names = "--session", paramLabel = "SESSION", description = "Of this session.")
    private Optional<String> session = Optional.empty();

    @Mixin
    private LogOptions log;

    Logs(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        AgentRuntimeClient client = client();
        String agent = runtime(client, name);
        String id = session.orElseGet(() -> newest(client, agent));
        log.print(client, surroundings(), json(), agent, id);
        return ExitCode.OK;
    }

    private String newest(AgentRuntimeClient client, String agent) {
        List<SessionInfo> sessions = client.sessions(agent);
        SessionInfo newest = sessions.stream().filter(SessionInfo::isLive).findFirst().or(() -> sessions.stream().findFirst()).orElseThrow(
                () -> new Problem(ExitCode.NOT_FOUND, agent + " has no session that you may see, and had none within a day. 'agentctl invoke' begins one."));
        remark("Session " + newest.id());
        return newest.id();
    }
}

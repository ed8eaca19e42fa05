package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.RefusedException;
import dev.agentruntime.client.SessionInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "list", description = "Show sessions that you may see, the newest first: what they have used until now, what that costs where the server has prices,"
    + " and when they will end.")
final class SessionsList extends ServerAction {

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "The agent. Otherwise all.")
    private Optional<String> name = Optional.empty();

    @Option(names = {"-a", "--all"}, description = "Those too that ended within a day.")
    private boolean all;

    SessionsList(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        AgentRuntimeClient client = client();
        List<SessionInfo> sessions = new ArrayList<>();
        List<String> agents = name.map(one -> List.of(runtime(client, one))).orElseGet(() -> Names.agents(client.runtimes()));
        for (String agent : agents) {
            sessions(client, agent).stream().filter(session -> all || session.isLive()).forEach(sessions::add);
        }
        if (json()) {
            sessions.forEach(session -> print(session.json()));
            return ExitCode.OK;
        }
        table(sessions);
        return ExitCode.OK;
    }

    /** One that is deleted while all are asked has none. */
    private List<SessionInfo> sessions(AgentRuntimeClient client, String agent) {
        try {
            return client.sessions(agent);
        } catch (RefusedException refused) {
            if (name.isEmpty() && refused.kind() == RefusedException.Kind.NOT_FOUND) {
                return List.of();
            }
            throw refused;
        }
    }

    private void table(List<SessionInfo> sessions) {
        boolean costs = sessions.stream().anyMatch(session -> !session.cost().isEmpty());
        List<String> headings = new ArrayList<>(List.of("AGENT", "SESSION", "STATUS", "SUBJECT", "AGE", "CALLS", "CPU s", "GB s", "PEAK"));
        if (costs) {
            headings.add("COST");
        }
        headings.add("ENDS");
        Table table = new Table(headings.toArray(String[]::new));
        Instant now = surroundings().clock().instant();
        for (SessionInfo session : sessions) {
            List<String> row = new ArrayList<>(List.of(session.runtime(), session.id(), session.status(), session.subject(),
                    Text.time(Duration.between(session.createdAt(), now)), Long.toString(session.invocations()), Text.number(session.cpuSeconds()),
                    Text.number(session.memoryGbSeconds()), Text.bytes(session.peakMemoryBytes())));
            if (costs) {
                row.add(session.cost());
            }
            row.add(SessionEnd.of(session, now));
            table.row(row.toArray(String[]::new));
        }
        table.print(out());
    }
}

package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.RefusedException;
import dev.agentruntime.client.SessionInfo;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "stop", description = "End sessions. Returns when the server has proven that their VMs are gone. Ending an ended one changes nothing.")
final class SessionsStop extends ServerAction {

    @Parameters(index = "0", paramLabel = "NAME", description = "The agent.")
    private String name;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "SESSION", description = "The sessions' ids.")
    private List<String> sessions = List.of();

    @Option(names = "--all", description = "All of the agent's that you may see.")
    private boolean all;

    SessionsStop(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        if (all == !sessions.isEmpty()) {
            throw usage("Say which sessions to end: their ids, or --all.");
        }
        AgentRuntimeClient client = client();
        String agent = runtime(client, name);
        List<String> ids = all ? client.sessions(agent).stream().filter(SessionInfo::isLive).map(SessionInfo::id).toList() : sessions;
        List<RefusedException> failed = new ArrayList<>();
        for (String id : ids) {
            try {
                tell(id, client.stop(agent, id));
            } catch (RefusedException refused) {
                // The others are ended all the same.
                failed.add(refused);
                if (ids.size() > 1) {
                    remark("Session " + id + " was not ended: " + Text.plain(refused.getMessage()));
                }
            }
        }
        if (!failed.isEmpty()) {
            throw failed.get(0);
        }
        return ExitCode.OK;
    }

    private void tell(String id, SessionInfo ended) {
        if (json()) {
            print(ended.json());
        } else {
            out().println(id + " has ended: " + Text.plain(ended.terminationReason()).replaceFirst("\\.$", "") + (ended.vm().isEmpty() ? "" : ". Its VM " + Text.plain(ended.vm()) + " is gone"));
        }
    }
}

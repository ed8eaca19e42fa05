package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.SessionInfo;
import picocli.CommandLine.Command;

@Command(name = "hibernate", description = {
    "Put a session on the disk now, whether or not hibernateAfter in server.xml would do that later. Its next request brings it back.",
    "Its owner and administrators can do that, while it is Idle."})
final class SessionsHibernate extends SessionAction {

    SessionsHibernate(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        AgentRuntimeClient client = client();
        SessionInfo there = client.hibernate(runtime(client, agent()), session());
        if (json()) {
            print(there.json());
        } else {
            out().println(session() + " is on the disk" + (there.vm().isEmpty() ? "" : ", and its VM " + Text.plain(there.vm()) + " is gone"));
        }
        return ExitCode.OK;
    }
}

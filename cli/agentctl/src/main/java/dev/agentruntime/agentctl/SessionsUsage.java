package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.SessionInfo;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import picocli.CommandLine.Command;

@Command(name = "usage", description = "Show what one session has used until this moment.")
final class SessionsUsage extends SessionAction {

    SessionsUsage(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        AgentRuntimeClient client = client();
        SessionInfo session = client.session(runtime(client, agent()), session());
        if (json()) {
            JsonObject usage = session.json().getJsonObject("usage");
            print(Json.createObjectBuilder().add("sessionId", session.id()).add("usage", usage).build());
            return ExitCode.OK;
        }
        out().println("CPU     " + session.cpuSeconds().toPlainString() + " s");
        out().println("memory  " + session.memoryGbSeconds().toPlainString() + " GB s, at most " + Text.bytes(session.peakMemoryBytes()));
        out().println("calls   " + session.invocations());
        if (!session.cost().isEmpty()) {
            out().println("cost    " + session.cost());
        }
        return ExitCode.OK;
    }
}

package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.RefusedException;
import dev.agentruntime.client.VersionInfo;
import jakarta.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "destroy", description = "Delete an agent with its versions and endpoints. Sessions that run go on to their end.")
final class Destroy extends ControlAction {

    private static final int MOST_SECONDS = 60;

    @Parameters(paramLabel = "NAME", description = "The agent.")
    private String name;

    @Mixin
    private Agreement agreement;

    Destroy(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() throws IOException {
        AgentRuntimeClient client = client();
        VersionInfo agent = own(client, name);
        agreement.seek(surroundings(), json(), "Delete " + agent.name() + " with all its versions and endpoints?", agent.name());
        client.control().delete(agent.id());
        awaitGone(client, agent.id());
        if (json()) {
            print(Json.createObjectBuilder().add("name", agent.name()).add("id", agent.id()).add("deleted", true).build());
        } else {
            out().println(agent.name() + " is deleted");
        }
        return ExitCode.OK;
    }

    private void awaitGone(AgentRuntimeClient client, String id) {
        Instant end = surroundings().clock().instant().plusSeconds(MOST_SECONDS);
        while (surroundings().clock().instant().isBefore(end)) {
            try {
                client.control().version(id, Optional.empty());
                Thread.sleep(200);
            } catch (RefusedException gone) {
                if (gone.kind() == RefusedException.Kind.NOT_FOUND) {
                    return;
                }
                throw gone;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Problem(ExitCode.INTERRUPTED, "Interrupted. The server goes on with it.", e);
            }
        }
        throw new Problem(ExitCode.LATE, "It is not gone after " + MOST_SECONDS + " s. The server goes on with it.");
    }
}

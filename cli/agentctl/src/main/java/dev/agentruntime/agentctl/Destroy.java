package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.RefusedException;
import dev.agentruntime.client.VersionInfo;
import jakarta.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "destroy", description = "Delete an agent with its versions and endpoints. Sessions that run go on to their end.")
final class Destroy extends ControlAction {

    private static final int MOST_SECONDS = 60;

    @Parameters(paramLabel = "NAME", description = "The agent.")
    private String name;

    @Option(names = {"-y", "--yes"}, description = "Do not ask.")
    private boolean yes;

    Destroy(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() throws IOException {
        AgentRuntimeClient client = client();
        VersionInfo agent = own(client, name);
        if (!yes && !agreed(agent.name())) {
            throw new Problem(ExitCode.USAGE, "Nothing was deleted. Say --yes, or answer with the agent's name.");
        }
        client.control().delete(agent.id());
        awaitGone(client, agent.id());
        if (json()) {
            print(Json.createObjectBuilder().add("name", agent.name()).add("id", agent.id()).add("deleted", true).build());
        } else {
            out().println(agent.name() + " is deleted");
        }
        return ExitCode.OK;
    }

    private boolean agreed(String agent) throws IOException {
        if (json() || !surroundings().errIsTerminal()) {
            return false;
        }
        surroundings().err().print("Delete " + agent + " with all its versions and endpoints? Its name, to agree: ");
        surroundings().err().flush();
        return agent.equals(new BufferedReader(new InputStreamReader(surroundings().in(), StandardCharsets.UTF_8)).readLine());
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

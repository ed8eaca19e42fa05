package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.EndpointInfo;
import java.util.List;
import java.util.Optional;
import jakarta.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "endpoints", synopsisSubcommandLabel = "COMMAND", subcommands = {Endpoints.Show.class, Endpoints.Lead.class, Endpoints.Delete.class, HelpCommand.class},
        description = "Names under which an agent's versions are called. DEFAULT follows the latest, others stay where they are led.")
final class Endpoints {

    private Endpoints() {}

    @Command(name = "list", description = "Show an agent's endpoints, and where they lead.")
    static final class Show extends ControlAction {

        @Parameters(index = "0", paramLabel = "NAME", description = "The agent.")
        private String name;

        Show(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run() {
            AgentRuntimeClient client = client();
            List<EndpointInfo> all = client.control().endpoints(named(client, name).id());
            return list(all, EndpointInfo::json, new Table("ENDPOINT", "STATUS", "SERVES", "TARGET", "REASON"),
                    (table, endpoint) -> table.row(endpoint.name(), endpoint.status(), endpoint.live(), endpoint.target(), endpoint.failure()));
        }
    }

    @Command(name = "set", description = "Lead an endpoint to a version; make it where there is none.")
    static final class Lead extends ControlAction {

        @Parameters(index = "0", paramLabel = "NAME", description = "The agent.")
        private String name;

        @Parameters(index = "1", paramLabel = "ENDPOINT", description = "The endpoint.")
        private String endpoint;

        @Parameters(index = "2", paramLabel = "VERSION", arity = "0..1", description = "The version. Otherwise the latest.")
        private Optional<String> version = Optional.empty();

        @Mixin
        private WaitOptions waiting;

        Lead(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run() {
            AgentRuntimeClient client = client();
            Waiting ready = waiting.waiting(client, surroundings(), new Meter(surroundings(), json()));
            var agent = own(client, name);
            EndpointInfo led = EndpointChange.lead(client, agent.id(), endpoint, version.orElse(agent.number()));
            if (waiting.isWanted()) {
                led = ready.endpoint(agent.id(), agent.name(), endpoint);
            }
            if (json()) {
                print(led.json());
            } else {
                out().println("Endpoint " + endpoint + " of " + agent.name() + (waiting.isWanted() ? " leads" : " is being led") + " to version " + led.target());
            }
            return ExitCode.OK;
        }
    }

    @Command(name = "delete", description = "Delete an endpoint. Sessions that began on it go on.")
    static final class Delete extends ControlAction {

        @Parameters(index = "0", paramLabel = "NAME", description = "The agent.")
        private String name;

        @Parameters(index = "1", paramLabel = "ENDPOINT", description = "The endpoint.")
        private String endpoint;

        Delete(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run() {
            AgentRuntimeClient client = client();
            var agent = own(client, name);
            client.control().deleteEndpoint(agent.id(), endpoint);
            if (json()) {
                print(Json.createObjectBuilder().add("name", agent.name()).add("endpoint", endpoint).add("deleted", true).build());
            } else {
                out().println("Endpoint " + endpoint + " of " + agent.name() + " is being deleted");
            }
            return ExitCode.OK;
        }
    }
}

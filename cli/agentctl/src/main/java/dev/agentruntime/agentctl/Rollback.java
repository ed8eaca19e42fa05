package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.EndpointInfo;
import dev.agentruntime.client.Progress;
import dev.agentruntime.client.VersionInfo;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "rollback", description = {"Go back to an earlier version.",
    "An endpoint of your own is led there. DEFAULT follows the latest version, so for it the earlier one is made anew as the latest, of the same WAR"
    + " and with the same settings."})
final class Rollback extends ControlAction {

    @Parameters(paramLabel = "NAME", description = "The agent.")
    private String name;

    @Option(names = "--endpoint", paramLabel = "NAME", defaultValue = EndpointChange.DEFAULT, description = "Of which endpoint. Default: ${DEFAULT-VALUE}.")
    private String endpoint;

    @Option(names = "--to", paramLabel = "VERSION", description = "To which version. Otherwise the newest before the one that serves that was ready.")
    private Optional<Integer> to = Optional.empty();

    @Mixin
    private WaitOptions waiting;

    Rollback(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        AgentRuntimeClient client = client();
        VersionInfo agent = own(client, name);
        EndpointInfo from = client.control().endpoint(agent.id(), endpoint);
        String serving = from.live().isEmpty() ? from.target() : from.live();
        String target = to.map(String::valueOf).orElseGet(() -> before(client.control().versions(agent.id()), Integer.parseInt(serving)));
        Waiting ready = waiting.waiting(client, surroundings(), new Meter(surroundings(), json()));
        String now;
        if (endpoint.equals(EndpointChange.DEFAULT)) {
            VersionInfo earlier = client.control().version(agent.id(), Optional.of(target));
            now = client.control().update(agent.id(), Deployment.kept(earlier).build()).number();
            if (waiting.isWanted()) {
                ready.version(agent.id(), agent.name(), now);
            }
        } else {
            now = client.control().updateEndpoint(agent.id(), endpoint, target).target();
        }
        if (waiting.isWanted()) {
            ready.endpoint(agent.id(), agent.name(), endpoint);
        }
        tell(agent.name(), target, now);
        return ExitCode.OK;
    }

    private static String before(List<VersionInfo> versions, int serving) {
        return versions.stream().filter(version -> Integer.parseInt(version.number()) < serving && version.progress() == Progress.READY)
                .max(Comparator.comparingInt(version -> Integer.parseInt(version.number()))).map(VersionInfo::number)
                .orElseThrow(() -> new Problem(ExitCode.NOT_FOUND, "There is no version before " + serving + " that was ready. Say --to VERSION;"
                        + " 'agentctl versions' shows which there are."));
    }

    private void tell(String agent, String target, String now) {
        if (json()) {
            JsonObjectBuilder told = Json.createObjectBuilder().add("name", agent).add("endpoint", endpoint).add("rolledBackTo", target).add("version", now);
            print(told.build());
            return;
        }
        String what = now.equals(target) ? "version " + target : "version " + now + ", which is version " + target + " made anew";
        out().println("Endpoint " + endpoint + " of " + agent + (waiting.isWanted() ? " leads" : " is being led") + " to " + what);
    }
}

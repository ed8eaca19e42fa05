package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.EndpointInfo;
import dev.agentruntime.client.VersionInfo;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "versions", description = "Show an agent's versions, the newest first, and which endpoints lead to them.")
final class Versions extends ControlAction {

    @Parameters(paramLabel = "NAME", description = "The agent.")
    private String name;

    Versions(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        AgentRuntimeClient client = client();
        String id = named(client, name).id();
        List<VersionInfo> versions = client.control().versions(id).stream()
                .sorted(Comparator.comparingInt((VersionInfo version) -> Integer.parseInt(version.number())).reversed()).toList();
        if (json()) {
            versions.forEach(version -> print(version.json()));
            return ExitCode.OK;
        }
        List<EndpointInfo> endpoints = client.control().endpoints(id);
        Table table = new Table("VERSION", "STATUS", "UPDATED", "WAR", "ENDPOINTS", "REASON");
        versions.forEach(version -> table.row(version.number(), version.status(), version.updatedAt(), shortened(version.digest()),
                endpoints.stream().filter(endpoint -> endpoint.live().equals(version.number())).map(EndpointInfo::name).collect(Collectors.joining(", ")),
                version.failure()));
        table.print(out());
        return ExitCode.OK;
    }

    private static String shortened(String digest) {
        String hex = digest.replaceFirst("^sha256:", "");
        return hex.substring(0, Math.min(12, hex.length()));
    }
}

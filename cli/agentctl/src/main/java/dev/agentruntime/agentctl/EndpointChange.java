package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.EndpointInfo;

/** Leads an endpoint to a version, and makes it where there is none. */
final class EndpointChange {

    static final String DEFAULT = "DEFAULT";

    private EndpointChange() {}

    static EndpointInfo lead(AgentRuntimeClient client, String id, String endpoint, String version) {
        if (endpoint.equals(DEFAULT)) {
            throw new Problem(ExitCode.USAGE, "The endpoint DEFAULT follows the latest version by itself. 'agentctl rollback' makes an earlier version the"
                    + " latest; another name makes an endpoint that stays where it is led.");
        }
        boolean there = client.control().endpoints(id).stream().anyMatch(one -> one.name().equals(endpoint));
        return there ? client.control().updateEndpoint(id, endpoint, version) : client.control().createEndpoint(id, endpoint, version);
    }
}

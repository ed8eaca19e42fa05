package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.EndpointInfo;

/** Leads an endpoint to a version, and makes it where there is none. */
final class EndpointChange {

    static final String DEFAULT = "DEFAULT";

    private EndpointChange() {}

    /** @throws Problem it cannot be led anywhere */
    static void checked(String endpoint) {
        if (endpoint.equals(DEFAULT)) {
            throw new Problem(ExitCode.USAGE, "The endpoint DEFAULT follows the latest version by itself. 'agentctl rollback' makes an earlier version the"
                    + " latest; another name makes an endpoint that stays where it is led.");
        }
    }

    static EndpointInfo lead(AgentRuntimeClient client, String id, String endpoint, String version) {
        checked(endpoint);
        boolean there = client.control().endpoints(id).stream().anyMatch(one -> one.name().equals(endpoint));
        return there ? client.control().updateEndpoint(id, endpoint, version) : client.control().createEndpoint(id, endpoint, version);
    }
}

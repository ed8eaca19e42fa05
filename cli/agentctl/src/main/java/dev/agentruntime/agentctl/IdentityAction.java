package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.IdentityClient;

/** A command about identities and credentials. */
abstract class IdentityAction extends RoomAction {

    IdentityAction(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    final ExitCode run(AgentRuntimeClient client) throws Exception {
        return run(client.identities());
    }

    abstract ExitCode run(IdentityClient identities) throws Exception;

    @Override
    final boolean isThere(AgentRuntimeClient client) {
        return client.identities().isThere();
    }

    @Override
    final String what() {
        return "identities and credential providers";
    }

    @Override
    final String feature() {
        return "agentIdentity-1.0";
    }
}

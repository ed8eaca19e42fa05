package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.RefusedException;

/** A command about what a server has with a feature of its own only. */
abstract class RoomAction extends ServerAction {

    RoomAction(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    final ExitCode run() throws Exception {
        AgentRuntimeClient client = client();
        try {
            return run(client);
        } catch (RefusedException refused) {
            if (refused.kind() == RefusedException.Kind.NOT_FOUND && !isThere(client)) {
                throw new Problem(ExitCode.ABSENT, "The server at " + client.endpoint() + " has no " + what() + ". They come with the feature usr:" + feature()
                        + ", which its operator names in <featureManager> of server.xml.", refused);
            }
            throw refused;
        }
    }

    abstract ExitCode run(AgentRuntimeClient client) throws Exception;

    /** Whether the server has the feature. */
    abstract boolean isThere(AgentRuntimeClient client);

    /** What it then has, in the plural. */
    abstract String what();

    abstract String feature();
}

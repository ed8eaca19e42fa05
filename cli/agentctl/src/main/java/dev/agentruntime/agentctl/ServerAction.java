package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import picocli.CommandLine.Mixin;

/** A command that asks a server. */
abstract class ServerAction extends Action {

    @Mixin
    private ServerOptions options;

    ServerAction(Surroundings surroundings) {
        super(surroundings);
    }

    final AgentRuntimeClient client() {
        return server().client();
    }

    final Server server() {
        return options.server(surroundings());
    }

    /** How the server knows an agent that may have been called by its WAR's name. */
    final String runtime(AgentRuntimeClient client, String name) {
        return Names.known(client, name);
    }
}

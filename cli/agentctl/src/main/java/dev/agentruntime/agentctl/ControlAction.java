package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.VersionInfo;
import java.util.Optional;

/** A command about an agent runtime of the control API. */
abstract class ControlAction extends ServerAction {

    ControlAction(Surroundings surroundings) {
        super(surroundings);
    }

    /** The latest version of the agent of this name, which may be its WAR's. */
    final VersionInfo named(AgentRuntimeClient client, String name) {
        return client.control().named(name).or(() -> name.equals(Names.plain(name)) ? Optional.empty() : client.control().named(Names.plain(name))).orElseThrow(() -> new Problem(ExitCode.NOT_FOUND,
                "There is no agent " + Text.plain(name) + " on " + client.endpoint() + ". 'agentctl status' shows which there are."));
    }

    /** One that this API may change. */
    final VersionInfo own(AgentRuntimeClient client, String name) {
        VersionInfo found = named(client, name);
        if (found.readOnly()) {
            throw new Problem(ExitCode.CONFLICT, found.name() + " is configured on the server, in server.xml or its drop-in folder, and is changed there.");
        }
        return found;
    }
}

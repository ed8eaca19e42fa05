package dev.agentruntime.agentctl;

import picocli.CommandLine.Parameters;

/** A command about one session. */
abstract class SessionAction extends ServerAction {

    @Parameters(index = "0", paramLabel = "NAME", description = "The agent.")
    private String name;

    @Parameters(index = "1", paramLabel = "SESSION", description = "The session's id.")
    private String session;

    SessionAction(Surroundings surroundings) {
        super(surroundings);
    }

    final String agent() {
        return name;
    }

    final String session() {
        return session;
    }
}

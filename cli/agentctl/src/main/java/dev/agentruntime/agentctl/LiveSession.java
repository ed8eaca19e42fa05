package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.CommandRun;
import dev.agentruntime.client.RefusedException;
import dev.agentruntime.client.SessionInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The session in whose VM something is to be done. The server would begin one that is not there, and a mistyped id is none. */
final class LiveSession {

    private LiveSession() {}

    /**
     * Runs a command in its VM. To be closed.
     *
     * @throws Problem it has ended meanwhile; the server has begun it anew then, and nothing of what it held is there
     */
    static CommandRun run(AgentRuntimeClient client, String agent, String id, String command, Duration time) {
        CommandRun run = client.run(agent, Optional.of(id), command, time);
        if (List.of("new", "renewed").contains(run.sessionState())) {
            run.close();
            throw new Problem(ExitCode.NOT_FOUND, "Session " + id + " of " + agent + " was not there any more, and the server has begun it anew: nothing of what it held is"
                    + " in it. 'agentctl sessions stop " + agent + " " + id + "' ends it.");
        }
        return run;
    }

    /** @throws Problem it has ended */
    static void check(AgentRuntimeClient client, String agent, String id) {
        SessionInfo session;
        try {
            session = client.session(agent, id);
        } catch (RefusedException refused) {
            if (refused.status() == 403) {
                return; // whoever may run commands need not be allowed to look
            }
            throw refused;
        }
        if (!session.isLive()) {
            throw new Problem(ExitCode.NOT_FOUND, "Session " + id + " of " + agent + " has ended"
                    + (session.terminationReason().isEmpty() ? "" : ": " + session.terminationReason().replaceFirst("\\.$", ""))
                    + ". 'agentctl sessions list " + agent + "' shows those that live, 'agentctl invoke' begins one.");
        }
    }
}

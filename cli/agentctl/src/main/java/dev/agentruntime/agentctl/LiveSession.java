package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.RefusedException;
import dev.agentruntime.client.SessionInfo;

/** The session in whose VM something is to be done. The server would begin one that is not there, and a mistyped id is none. */
final class LiveSession {

    private LiveSession() {}

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

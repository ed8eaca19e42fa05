package dev.agentruntime.sessions;

import dev.agentruntime.api.PlainText;
import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.TemplateLostException;
import java.util.List;
import java.util.logging.Logger;

/** Says whose fault it is that a session has no VM, logs it and counts it. */
final class StartFaults {

    private static final Logger LOG = Logger.getLogger(StartFaults.class.getName());

    private static final long MEGABYTE = 1L << 20;

    private final Listeners listeners;

    StartFaults(Listeners listeners) {
        this.listeners = listeners;
    }

    Fault of(SessionActor session, Throwable failure) {
        if (failure instanceof RequestException refused) {
            return new Fault(refused.kind(), refused.getMessage(), refused.log(), Reach.FINAL);
        }
        SessionMessage.SESSION_START_FAILED.log(LOG, failure, session.key(), PlainText.of(failure.toString()));
        String why = String.valueOf(failure.getMessage());
        if (failure instanceof AgentStartException agent) {
            count(session, PlatformFailure.AGENT_START);
            return new Fault(Kind.AGENT, "The agent did not start: " + why, agent.log(), Reach.FINAL);
        }
        count(session, PlatformFailure.VM_START);
        if (failure instanceof HypervisorAwayException) {
            return Fault.away("The session's VM could not be started yet: " + why + " Ask again in a moment.");
        }
        if (failure instanceof TemplateLostException) {
            return Fault.of(Kind.RETRYABLE_CONFLICT, "The session's VM could not be started: " + why
                    + " The agent is being made ready anew. Ask again in a moment.");
        }
        if (failure instanceof NoRoomException room) {
            return Fault.of(Kind.QUOTA, "The host has no room for another session's VM: " + why + " "
                    + ((room.missingBytes() + MEGABYTE - 1) / MEGABYTE) + " MB are missing. End a session, or ask again later.");
        }
        return new Fault(Kind.PLATFORM, "The session's VM could not be started: " + why, List.of(), Reach.FINAL);
    }

    private void count(SessionActor session, PlatformFailure what) {
        listeners.tell(listener -> listener.failed(session.key().runtime(), what));
    }
}

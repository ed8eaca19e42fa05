package dev.agentruntime.agents;

import dev.agentruntime.log.LoggedMessage;

/**
 * The messages about agents: AGRT0010 to AGRT0019, AGRT0028, AGRT0029, AGRT0034, and AGRT0100 to AGRT0199. The placeholders
 * are those of {@link String#format}.
 */
enum AgentMessage implements LoggedMessage {
    PREPARING("AGRT0010I", "Agent runtime %s: making version %s ready.",
            "The agent's WAR is being started in a guest.", "None."),
    READY("AGRT0011I", "Agent runtime %s: version %s is ready, sessions start by %s.",
            "New sessions begin with this version; sessions that run stay on theirs.", "None."),
    FAILED("AGRT0012E", "Agent runtime %s: version %s does not start: %s%n%s",
            "The agent's WAR did not start in a guest. The guest's log lines follow. A version that was ready before goes on serving.",
            "Correct the WAR and put it in place again; it is picked up by itself."),
    NOT_PREPARED("AGRT0013E", "Agent runtime %s: version %s could not be made ready: %s",
            "The platform failed, not the agent. It tries again by itself.", "Do what the message says; look at the messages AGRT1xxx of the driver."),
    ARTIFACT("AGRT0014E", "Agent runtime %s: %s",
            "The WAR is missing or cannot be read.", "Put a complete WAR at the place the message names; it is picked up by itself."),
    REMOVED("AGRT0015I", "Agent runtime %s was removed; its sessions go on until they end.",
            "Its element or its drop-in WAR is gone.", "None."),
    DROPIN_NAME("AGRT0016W", "The file %s in the drop-in folder is left alone: %s",
            "The file's name without .war becomes the agent runtime's name and must be a valid one.", "Rename the file."),
    DROPIN_FOLDER("AGRT0017W", "The drop-in folder %s cannot be read: %s",
            "No agents are taken from it; those it gave before go on.", "Make the folder readable to the server, or set the attribute dropins."),
    WAITING_VM_LOST("AGRT0028W", "VM %s, which waited for a session of agent runtime %s, is replaced: %s",
            "It ended by itself or did not begin a session. No session was lost: another VM takes its place.", "None, unless it repeats."),
    POOL_NOT_FILLED("AGRT0029W", "No VM of agent runtime %s could be made to wait for sessions: %s",
            "Sessions start more slowly. It is tried again by itself, after a minute at most.", "Do what the message says; look at the messages AGRT1xxx of the driver."),
    WAITING_VM_LEFT("AGRT0034E", "VM %s, which waited for a session of agent runtime %s, could not be destroyed: %s",
            "It is destroyed at the latest when the server stops.", "Do what the message says; see virsh list --all."),
    UNEXPECTED("AGRT0199E", "Unexpected failure while %s: %s",
            "A fault in the platform. The work is done again where it can be.", "Report it with the stack trace.");

    private final Entry entry;

    AgentMessage(String id, String text, String explanation, String action) {
        entry = new Entry(id, text, explanation, action);
    }

    @Override
    public Entry entry() {
        return entry;
    }
}

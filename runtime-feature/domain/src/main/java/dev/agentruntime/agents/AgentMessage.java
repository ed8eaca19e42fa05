package dev.agentruntime.agents;

import dev.agentruntime.log.LoggedMessage;

/**
 * The messages about agents: AGRT0010 to AGRT0019, AGRT0028, AGRT0029, AGRT0034, and AGRT0100 to AGRT0199. The placeholders
 * are those of {@link String#format}.
 */
enum AgentMessage implements LoggedMessage {
    PREPARING("AGRT0010I", "Agent runtime %s: preparing the WAR with digest %s.",
            "The agent's WAR is being started in a guest. The digest is the beginning of the file's SHA-256.", "None."),
    READY("AGRT0011I", "Agent runtime %s: the WAR with digest %s is ready, sessions start by %s.",
            "New sessions begin with this WAR; sessions that run stay on theirs.", "None."),
    FAILED("AGRT0012E", "Agent runtime %s: the WAR with digest %s does not start: %s%n%s",
            "The agent's WAR did not start in a guest. The guest's log lines follow. A WAR that was ready before goes on serving.",
            "Correct the WAR and put it in place again; it is picked up by itself."),
    NOT_PREPARED("AGRT0013E", "Agent runtime %s: the WAR with digest %s could not be prepared: %s",
            "The platform failed, not the agent. It tries again by itself.", "Do what the message says; look at the messages AGRT1xxx of the driver."),
    ARTIFACT("AGRT0014E", "Agent runtime %s: %s",
            "The WAR is missing, cannot be read or cannot be used.", "Do what the message says. A WAR that is put in place is picked up by itself."),
    REMOVED("AGRT0015I", "Agent runtime %s was removed; its sessions go on until they end.",
            "Its element or its drop-in WAR is gone.", "None."),
    DROPIN_NAME("AGRT0016W", "%s in the drop-in folder is left alone: %s",
            "Each WAR in the folder, a file or a folder, is an agent runtime. Its name without .war must be valid for one.",
            "Do what the message says."),
    DROPIN_FOLDER("AGRT0017W", "The drop-in folder %s cannot be read: %s",
            "No agents are taken from it; those it gave before go on.", "Make the folder readable to the server, or set the attribute dropins."),
    FILES_HANG("AGRT0018W", "The file system does not answer at %s: a check has been hanging for %d s.",
            "Changes there are not seen until it answers. Agents that are ready, their sessions and the checks of other places go on.",
            "See that the file system answers, for instance that its NFS server runs."),
    FILES_ANSWER("AGRT0019I", "The file system answers again at %s.",
            "Changes there are seen again.", "None."),
    WAITING_VM_LOST("AGRT0028W", "VM %s, which waited for a session of agent runtime %s, is replaced: %s",
            "It ended by itself or did not begin a session. No session was lost: another VM takes its place.", "None, unless it repeats."),
    POOL_NOT_FILLED("AGRT0029W", "No VM of agent runtime %s could be made to wait for sessions: %s",
            "Sessions start more slowly. It is tried again by itself, after a minute at most.", "Do what the message says; look at the messages AGRT1xxx of the driver."),
    WAITING_VM_LEFT("AGRT0034E", "VM %s, which waited for a session of agent runtime %s, could not be destroyed: %s",
            "It is tried again by itself until the VM is gone.", "Do what the message says; see virsh list --all."),
    TEMPLATE_LOST("AGRT0100W", "Agent runtime %s: the template of the WAR with digest %s is lost and is prepared anew: %s",
            "Files of the template are gone or damaged. Sessions that run go on where they can; new ones wait.",
            "None, unless it repeats: then look for what removes or damages files in the state directory."),
    LATE("AGRT0101E", "Agent runtime %s: its preparation has not come to an end for %d minutes.",
            "Whoever waits for it is refused, and its status is CREATE_FAILED. The work goes on; when it ends after all, the agent serves.",
            "See what the step in its status waits for: the hypervisor, the disk, or another agent that is prepared before it."),
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

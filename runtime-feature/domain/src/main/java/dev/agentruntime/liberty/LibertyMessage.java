package dev.agentruntime.liberty;

import dev.agentruntime.log.LoggedMessage;

/** The messages about the platform as a part of the server: AGRT0001 to AGRT0009. */
enum LibertyMessage implements LoggedMessage {
    STARTED("AGRT0001I", "Agent Runtime has started: %s",
            "The effective configuration, defaults included.", "None."),
    STOPPED("AGRT0002I", "Agent Runtime has stopped.",
            "Every session was ended and the hypervisor was let go.", "None."),
    CONFIG_PROBLEM("AGRT0003W", "Agent Runtime configuration: %s",
            "A setting cannot be used. The rest of the configuration is in force.",
            "Change the setting the message names; server.xml is read again when it is saved."),
    CONFIG_UPDATED("AGRT0004I", "Agent Runtime has taken the changed configuration: %s",
            "The effective configuration after a change of server.xml.", "None."),
    RESTART_NEEDED("AGRT0005W", "A change of %s takes effect after a restart of the server.",
            "The attributes say how the hypervisor or the database is reached; sessions that run depend on them.", "Restart the server."),
    DRIVER_SETTINGS("AGRT0006E", "The hypervisor driver cannot be opened: %s",
            "The driver refuses its settings. No agent runs until they are right.",
            "Correct the setting the message names; the driver is opened again when server.xml is saved."),
    SERVER_COPIED("AGRT0007W", "This server's directory was copied or moved: its id was %s and is now %s. %s",
            "Two servers of one id would end each other's VMs and close each other's sessions, so the copy has an id of its own.",
            "None for a copy. When the directory was moved, VMs of the old id may be left on the old machine: end them there."),
    SERVER_ID_NOT_KEPT("AGRT0008E", "The server's id %s cannot be kept in %s: %s",
            "The id is new at each start, so this server does not find VMs and sessions that an earlier run has left.",
            "Make the file writable to the server."),
    HEARTBEAT_FAILED("AGRT0009E", "The work of each second failed and goes on with the next: %s",
            "Timeouts, pools and the ledger wait for the next second. It happens when the process has no memory or no thread left.",
            "If it goes on, look for what the process lacks; report it with the stack trace.");

    private final Entry entry;

    LibertyMessage(String id, String text, String explanation, String action) {
        entry = new Entry(id, text, explanation, action);
    }

    @Override
    public Entry entry() {
        return entry;
    }
}

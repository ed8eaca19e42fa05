package dev.agentruntime.logs;

import dev.agentruntime.log.LoggedMessage;

/** Every message of this module; ids AGRT5000 to AGRT5999. */
enum LogsMessage implements LoggedMessage {

    CONFIG_PROBLEM("AGRT5001W",
            "%s",
            "An attribute of <agentRuntimeLogs> could not be used.",
            "Correct server.xml; it is read again at once."),
    IN_FORCE("AGRT5002I",
            "Logs of sessions are kept: %s",
            "This configuration is in force now. A changed directory takes effect after a restart.",
            "None."),
    NOT_WRITTEN("AGRT5003W",
            "Lines of the log of session %s could not be written to %s and are lost: %s",
            "The session goes on. This is told once a minute at most.",
            "See that the disk has room and that the server may write there."),
    NO_LOG("AGRT5004W",
            "The log of session %s cannot be read from its guest: %s",
            "The session goes on; lines that it logs from now on are not seen. The last lines before a death are kept all the same.",
            "Where the guest image is older than this server, build it anew or leave image out; otherwise report it."),
    NOT_READ("AGRT5005W",
            "What an earlier run has left in %s could not be read and is left alone: %s",
            "New sessions have logs.",
            "See that the directory is the server's own and that the server may read it."),
    NOT_DELETED("AGRT5006W",
            "A log could not be deleted: %s",
            "Its bytes do not count among those that are kept any more.",
            "Delete it by hand, and see that the server may write there."),
    AGENT_INFO("AGRT5010I",
            "%s %s: %s",
            "An agent has logged this line; <agentRuntimeLogs hostLog> lets it in. It is the agent's own words.",
            "None."),
    AGENT_WARNING("AGRT5011W",
            "%s %s: %s",
            "An agent has logged this line as a warning, or printed it to System.err.",
            "Ask whoever wrote the agent."),
    AGENT_ERROR("AGRT5012E",
            "%s %s: %s",
            "An agent has logged this line as an error.",
            "Ask whoever wrote the agent."),
    LEFT_OUT("AGRT5013W",
            "%s has logged more than fits here; %s lines were left out.",
            "A session may write 100 lines a second into this log. Its own log has them.",
            "Read the session's log, or set hostLog to a higher level.");

    private final Entry entry;

    LogsMessage(String id, String text, String explanation, String action) {
        entry = new Entry(id, text, explanation, action);
    }

    @Override
    public Entry entry() {
        return entry;
    }
}

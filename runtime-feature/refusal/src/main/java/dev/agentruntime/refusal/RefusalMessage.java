package dev.agentruntime.refusal;

import dev.agentruntime.log.LoggedMessage;

/** Every message this module logs; ids AGRT0200 to AGRT0209. */
enum RefusalMessage implements LoggedMessage {

    OLDER_FEATURES("AGRT0200E",
            "Agent Runtime does not start: it needs Jakarta EE 10, and this server has features of another level."
                    + " The server's applications run as before; no agents are served.",
            "Liberty loads features of one level of Jakarta EE or Java EE only. A feature in server.xml asks for a level below"
                    + " Jakarta EE 10 or MicroProfile 6.0, so Liberty leaves the platform out.",
            "Run agents in a second server beside this one, as the README says, or move this server's features to Jakarta EE 10."
                    + " Message CWWKF0012I lists the features that were loaded. Where none of them is needed at an older level,"
                    + " add the feature servlet-6.0 to server.xml.");

    private final Entry entry;

    RefusalMessage(String id, String text, String explanation, String action) {
        entry = new Entry(id, text, explanation, action);
    }

    @Override
    public Entry entry() {
        return entry;
    }
}

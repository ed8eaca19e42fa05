package dev.agentruntime.store;

import dev.agentruntime.log.LoggedMessage;

/** Every message of the store, AGRT0030 to AGRT0039: its text, what it means and what to do. */
public enum StoreMessage implements LoggedMessage {
    LEDGER_DOWN("AGRT0030E", "The ledger cannot be used: %s",
            "Sessions go on; their records are kept in memory until they can be written.", "See that the data source works; the attribute dataSource names it."),
    LEDGER_UP("AGRT0031I", "The ledger works again; %d records were written.",
            "What was kept in memory meanwhile is written.", "None."),
    RECORD_LOST("AGRT0032E", "This record is not in the ledger, because %s: %s",
            "The database refuses this record alone, or could not be used until the server stopped, or was away for so long that"
                    + " too many records waited. All other records are written. The record is in this message.",
            "Keep the message for accounting; see that the data source works."),
    MIGRATED("AGRT0033I", "The tables of %s were brought to version %d.",
            "The tables were made or changed.", "None."),
    LEDGER_FULL("AGRT0035E", "%d records of ended sessions wait for the ledger; from here on the oldest are dropped.",
            "The ledger has been away for very long. Each record that is dropped is told in a message AGRT0032E.",
            "See that the data source works; the attribute dataSource names it."),
    DIRECTORY_DOWN("AGRT0036W", "The owners of session ids cannot be looked up: %s",
            "A session whose id a caller chose does not begin before its owner is known: callers are told to ask again."
                    + " Sessions that run go on, and those without a chosen id begin.",
            "See that the data source works; the attribute dataSource names it."),
    DIRECTORY_UP("AGRT0037I", "The owners of session ids can be looked up again.",
            "Sessions of every id begin.", "None."),
    FILE_UNREADABLE("AGRT0038W", "Nothing could be read of the database file %s; a new database begins in its place. The file as it was is kept as %s",
            "The file was there, but H2 found no database in it: it was cut short or written over. The usage records and the owners of session ids"
                    + " that were in it are not known any more: whoever uses such an id first owns it.",
            "Stop the server, put a backup of the file in its place and start again, or accept the new one. See that the disk is well."),
    OWNER_LOST("AGRT0039W", "The owner of session id %s of agent runtime %s is not in the database: %s of issuer %s, server %s, since %s",
            "The platform drew the id while the database could not be used, and the server stopped before it could be used again. Whoever uses"
                    + " the id first owns it; nobody can guess it.",
            "None, unless its owner is to keep the id: then add the row to the table agent_session_owner.");

    private final Entry entry;

    StoreMessage(String id, String text, String explanation, String action) {
        entry = new Entry(id, text, explanation, action);
    }

    @Override
    public Entry entry() {
        return entry;
    }
}

package dev.agentruntime.memory;

import dev.agentruntime.log.LoggedMessage;

/** Every message of this module; ids AGRT6400 to AGRT6499. */
enum MemoryMessage implements LoggedMessage {

    CONFIG_PROBLEM("AGRT6401W",
            "%s",
            "Something in a <memory> could not be used.",
            "Correct server.xml; it is read again at once."),
    CONFIGURED("AGRT6402I",
            "The memory %s of server.xml is served: %s",
            "It is there from now on, with what was kept in it before.",
            "None."),
    STORE("AGRT6403W",
            "The database of memories could not be used: %s",
            "A request was refused, or what has expired was not removed; that is tried again.",
            "See that the data source of <agentRuntime> works."),
    UNEXPECTED("AGRT6404E",
            "Something unexpected happened while %s: %s",
            "The request was refused, or the work is tried again.",
            "Report it with the stack trace."),
    DELETED("AGRT6405I",
            "The memory %s is deleted with all that was in it.",
            "Somebody had asked for it through the API.",
            "None."),
    ACTOR_DELETED("AGRT6406I",
            "All that the memory %s had of the actor %s is deleted, as %s has asked: %s events, %s records.",
            "Nothing of it can be brought back.",
            "None."),
    INDEX("AGRT6407W",
            "The index of records could not be used: %s",
            "Who looked for records was refused. What is in the database is safe.",
            "See that the folder agent-memory of the server's output directory can be written and that no other server uses it. It may be deleted while the server is stopped."),
    INDEX_ANEW("AGRT6408I",
            "The index of records in %s is made anew of the database: %s",
            "It could not be read.",
            "None.");

    private final Entry entry;

    MemoryMessage(String id, String text, String explanation, String action) {
        this.entry = new Entry(id, text, explanation, action);
    }

    @Override
    public Entry entry() {
        return entry;
    }
}

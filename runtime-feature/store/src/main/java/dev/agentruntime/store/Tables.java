package dev.agentruntime.store;

/** The store's own room: sessions, their usage and their owners. */
final class Tables {

    private static final String ROOM = "ledger";
    private static final int NEWEST = 5;

    private Tables() {}

    static Room in(Database database) {
        return database.room(ROOM, Tables.class, NEWEST);
    }
}

package dev.agentruntime.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The platform's database, in which each room has tables of its own. H2 and PostgreSQL are tried. Thread-safe. */
public final class Database {

    private final Connections connections;
    private final Map<String, Room> rooms = new ConcurrentHashMap<>();

    /** Opens nothing yet. */
    public Database(Connections connections) {
        this.connections = connections;
    }

    /**
     * The tables of one room; the same object for the same name. Its migrations are the resources {@code NAME/1.sql} to
     * {@code NAME/NEWEST.sql} beside {@code anchor}: statements with a semicolon after each, in the SQL that H2 and
     * PostgreSQL share, which do no harm when they are run again after a failure half-way ({@code IF NOT EXISTS}).
     *
     * @param name   of the room, at most 64 characters; never changed again
     * @param anchor a class of the module that brings the migrations
     * @param newest the number of the last migration
     */
    public Room room(String name, Class<?> anchor, int newest) {
        return rooms.computeIfAbsent(name, unknown -> new Room(connections, new Migrations(name, anchor, newest)));
    }
}

package dev.agentruntime.store;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;

/** What a failure of the database means, by the classes of SQLSTATE that databases share. */
final class Failures {

    /** Connection, invalid authorization, rolled back for others' sake, no such database, out of resources, operator, system, H2's timeouts. */
    private static final Set<String> AWAY = Set.of("08", "28", "3D", "40", "53", "57", "58", "HY");
    /** H2: a lock is held too long; a row was changed by another at the same time; the database is closed or its file is locked. */
    private static final Set<Integer> AWAY_CODES = Set.of(50200, 90131, 90020, 90098, 90121);
    private static final Set<String> COLLISIONS = Set.of("23", "40");
    /** H2: a lock is held too long; changed by another at the same time; a table or index that another made between two looks at it. */
    private static final Set<Integer> COLLISION_CODES = Set.of(50200, 90131, 50000);
    /**
     * PostgreSQL: table, object or type is there; changed by another at the same time. H2: table, index or column is there; a table is not there, as
     * for a moment while another changes it, since H2 puts a changed copy in its place.
     */
    private static final Set<String> COLLISION_STATES = Set.of("42P07", "42710", "42701", "XX000", "42S01", "42S11", "42S21", "42S02");

    private Failures() {}

    /** Whether others' work would have failed in the same way at this moment; otherwise the work itself was refused. */
    static boolean isAway(SQLException e) {
        return e instanceof SQLTransientException || e instanceof SQLRecoverableException || state(e).isEmpty()
                || AWAY.contains(kind(e)) || AWAY_CODES.contains(e.getErrorCode());
    }

    /** Whether another did the same at the same time. */
    static boolean isCollision(SQLException e) {
        return COLLISIONS.contains(kind(e)) || COLLISION_STATES.contains(state(e)) || COLLISION_CODES.contains(e.getErrorCode());
    }

    private static String kind(SQLException e) {
        return state(e).length() < 2 ? "" : state(e).substring(0, 2);
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }
}

package dev.agentruntime.control;

import dev.agentruntime.store.Sql;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.logging.Logger;

/** Brings what was asked for to its end: what has become ready or failed, and what is to be deleted. Blocks on the database. */
record Settling(ControlStore store, Hosting hosting, Clock clock) {

    private static final Logger LOG = Logger.getLogger(Settling.class.getName());

    /** What cannot be settled keeps nothing else from being settled. */
    void tick() {
        for (String id : store.run(Tables::unsettled)) {
            try {
                store.run(tables -> settle(tables, id));
            } catch (ControlException databaseAway) {
                throw databaseAway;
            } catch (RuntimeException | Error e) {
                ControlMessage.UNEXPECTED.log(LOG, e, "looking after agent runtime " + id, e.toString());
            }
        }
    }

    private boolean settle(Tables tables, String id) throws SQLException {
        Optional<RuntimeRow> found = tables.lockedRuntime(id);
        return found.isPresent() && settle(tables, found.get());
    }

    private boolean settle(Tables tables, RuntimeRow runtime) throws SQLException {
        String id = runtime.id();
        if (runtime.status() == Status.DELETING) {
            tables.deleteRuntime(id);
            return true;
        }
        boolean changed = false;
        for (EndpointRow endpoint : tables.endpoints(id)) {
            if (endpoint.status() == Status.DELETING) {
                tables.deleteEndpoint(id, endpoint.name());
                changed = true;
            } else if (!endpoint.status().isSettled()) {
                changed |= settle(tables, runtime, endpoint);
            }
        }
        return changed;
    }

    private boolean settle(Tables tables, RuntimeRow runtime, EndpointRow endpoint) throws SQLException {
        Progress progress = hosting.progress(endpoint.runtime(), endpoint.target());
        Instant now = Sql.storable(clock.instant());
        if (progress instanceof Progress.Ready) {
            tables.update(endpoint.arrived(now));
            settled(tables, runtime, endpoint.target(), Status.READY, "", now);
        } else if (progress instanceof Progress.Failed failed) {
            tables.update(endpoint.failed(failed.reason(), now));
            settled(tables, runtime, endpoint.target(), Status.CREATE_FAILED, failed.reason(), now);
        }
        return !(progress instanceof Progress.Working);
    }

    /** The version, and the runtime where it is the latest one, whose change is at its end. */
    private static void settled(Tables tables, RuntimeRow runtime, int number, Status outcome, String why, Instant now) throws SQLException {
        VersionRow version = tables.version(runtime.id(), number).orElseThrow();
        if (version.status() != outcome) {
            tables.update(version.with(outcome == Status.READY || version.status().isSettled() ? outcome : version.status().failed(), why, now));
        }
        if (runtime.latest() == number && !runtime.status().isSettled()) {
            Status status = outcome == Status.READY ? outcome : runtime.status().failed();
            tables.update(runtime.with(status, why, runtime.latest(), now));
            ControlMessage.SETTLED.log(LOG, number, runtime.id(), status, Sql.storable(why, 1000));
        }
    }
}

package dev.agentruntime.control;

import dev.agentruntime.store.Sql;
import dev.agentruntime.store.Transaction;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The rows of runtimes, versions and endpoints, in one transaction. */
record Tables(Transaction transaction) {

    private static final int LONGEST_FAILURE = 4000;
    private static final String UNSETTLED = "SUM(CASE WHEN status IN ('CREATING', 'UPDATING', 'DELETING') THEN 1 ELSE 0 END)";
    private static final String CHANGED = "MAX(updated_at), SUM(EXTRACT(EPOCH FROM updated_at))";

    /**
     * Differs wherever runtimes or endpoints were added, changed or deleted, by a server whose clock is behind too; two changes of one
     * millisecond differ in what they lead to.
     */
    record Mark(List<String> parts) {}

    Mark mark() throws SQLException {
        return new Mark(Stream.concat(
                Sql.rows(transaction, "SELECT COUNT(*), " + CHANGED + ", SUM(latest), " + UNSETTLED + " FROM control_runtime", Tables::parts).stream(),
                Sql.rows(transaction, "SELECT COUNT(*), " + CHANGED + ", SUM(target), " + UNSETTLED + ", SUM(live) FROM control_endpoint",
                        Tables::parts).stream()).flatMap(List::stream).toList());
    }

    private static List<String> parts(ResultSet row) throws SQLException {
        List<String> parts = new ArrayList<>();
        for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
            parts.add(String.valueOf(row.getString(column)));
        }
        return parts;
    }

    /** The runtimes of which something is being done. */
    List<String> unsettled() throws SQLException {
        return Sql.rows(transaction, "SELECT id FROM control_runtime WHERE status IN ('CREATING', 'UPDATING', 'DELETING')"
                + " UNION SELECT runtime_id FROM control_endpoint WHERE status IN ('CREATING', 'UPDATING', 'DELETING') ORDER BY 1",
                row -> row.getString(1));
    }

    List<RuntimeRow> runtimes() throws SQLException {
        return Sql.rows(transaction, "SELECT * FROM control_runtime ORDER BY id", Tables::runtime);
    }

    Optional<RuntimeRow> runtime(String id) throws SQLException {
        return Sql.row(transaction, "SELECT * FROM control_runtime WHERE id = ?", Tables::runtime, id);
    }

    /** The same, which nobody else changes or locks until this transaction ends. */
    Optional<RuntimeRow> lockedRuntime(String id) throws SQLException {
        return Sql.row(transaction, "SELECT * FROM control_runtime WHERE id = ? FOR UPDATE", Tables::runtime, id);
    }

    Optional<RuntimeRow> runtimeNamed(String name) throws SQLException {
        return Sql.row(transaction, "SELECT * FROM control_runtime WHERE name = ?", Tables::runtime, name);
    }

    int countRuntimes() throws SQLException {
        return Sql.row(transaction, "SELECT COUNT(*) FROM control_runtime", row -> row.getInt(1)).orElseThrow();
    }

    void insert(RuntimeRow row) throws SQLException {
        Sql.change(transaction, "INSERT INTO control_runtime (id, name, status, failure, latest, created_at, updated_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)", row.id(), row.name(), row.status(), fitted(row.failure()), row.latest(),
                row.createdAt(), row.updatedAt());
    }

    void update(RuntimeRow row) throws SQLException {
        Sql.change(transaction, "UPDATE control_runtime SET status = ?, failure = ?, latest = ?, updated_at = ? WHERE id = ?",
                row.status(), fitted(row.failure()), row.latest(), row.updatedAt(), row.id());
    }

    void deleteRuntime(String id) throws SQLException {
        Sql.change(transaction, "DELETE FROM control_runtime WHERE id = ?", id);
    }

    /** In their order. The versions themselves, with all their settings, may be more than the heap should hold at once. */
    List<Integer> versionNumbers(String runtime) throws SQLException {
        return Sql.rows(transaction, "SELECT number FROM control_version WHERE runtime_id = ? ORDER BY number", row -> row.getInt(1), runtime);
    }

    int countVersions(String runtime) throws SQLException {
        return Sql.row(transaction, "SELECT COUNT(*) FROM control_version WHERE runtime_id = ?", row -> row.getInt(1), runtime).orElseThrow();
    }

    /** The latest that there still is; a runtime has one at least. */
    VersionRow newestVersion(String runtime) throws SQLException {
        return Sql.row(transaction, "SELECT * FROM control_version WHERE runtime_id = ? AND number = (SELECT MAX(number) FROM control_version"
                + " WHERE runtime_id = ?)", Tables::version, runtime, runtime).orElseThrow();
    }

    Optional<VersionRow> version(String runtime, int number) throws SQLException {
        return Sql.row(transaction, "SELECT * FROM control_version WHERE runtime_id = ? AND number = ?", Tables::version, runtime, number);
    }

    /** Those that an endpoint leads to, or is to lead to. */
    List<VersionRow> neededVersions() throws SQLException {
        return Sql.rows(transaction, "SELECT v.* FROM control_version v WHERE EXISTS (SELECT 1 FROM control_endpoint e"
                + " JOIN control_runtime r ON r.id = e.runtime_id WHERE e.runtime_id = v.runtime_id AND r.status <> 'DELETING'"
                + " AND (e.live = v.number OR (e.target = v.number AND e.status IN ('CREATING', 'UPDATING'))))"
                + " ORDER BY v.runtime_id, v.number", Tables::version);
    }

    /** Those that were the first of an endpoint and could not be prepared: nothing serves under it, and it lets in whom they say all the same. */
    List<VersionRow> failedVersions() throws SQLException {
        return Sql.rows(transaction, "SELECT v.* FROM control_version v WHERE EXISTS (SELECT 1 FROM control_endpoint e"
                + " WHERE e.runtime_id = v.runtime_id AND e.live IS NULL AND e.target = v.number AND e.status = 'CREATE_FAILED')", Tables::version);
    }

    void insert(VersionRow row) throws SQLException {
        Sql.change(transaction, "INSERT INTO control_version (runtime_id, number, settings, digest, status, failure, created_at,"
                + " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row.runtime(), row.number(), row.settings().toString(),
                row.digest(), row.status(), fitted(row.failure()), row.createdAt(), row.updatedAt());
    }

    void update(VersionRow row) throws SQLException {
        Sql.change(transaction, "UPDATE control_version SET status = ?, failure = ?, updated_at = ? WHERE runtime_id = ? AND number = ?",
                row.status(), fitted(row.failure()), row.updatedAt(), row.runtime(), row.number());
    }

    void deleteVersion(String runtime, int number) throws SQLException {
        Sql.change(transaction, "DELETE FROM control_version WHERE runtime_id = ? AND number = ?", runtime, number);
    }

    List<EndpointRow> endpoints() throws SQLException {
        return Sql.rows(transaction, "SELECT * FROM control_endpoint ORDER BY runtime_id, name", Tables::endpoint);
    }

    List<EndpointRow> endpoints(String runtime) throws SQLException {
        return Sql.rows(transaction, "SELECT * FROM control_endpoint WHERE runtime_id = ? ORDER BY name", Tables::endpoint, runtime);
    }

    Optional<EndpointRow> endpoint(String runtime, String name) throws SQLException {
        return Sql.row(transaction, "SELECT * FROM control_endpoint WHERE runtime_id = ? AND name = ?", Tables::endpoint, runtime, name);
    }

    void insert(EndpointRow row) throws SQLException {
        Sql.change(transaction, "INSERT INTO control_endpoint (runtime_id, name, status, failure, description, live, target,"
                + " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row.runtime(), row.name(), row.status(),
                fitted(row.failure()), row.description(), row.live(), row.target(), row.createdAt(), row.updatedAt());
    }

    void update(EndpointRow row) throws SQLException {
        Sql.change(transaction, "UPDATE control_endpoint SET status = ?, failure = ?, description = ?, live = ?, target = ?,"
                + " updated_at = ? WHERE runtime_id = ? AND name = ?", row.status(), fitted(row.failure()), row.description(),
                row.live(), row.target(), row.updatedAt(), row.runtime(), row.name());
    }

    void deleteEndpoint(String runtime, String name) throws SQLException {
        Sql.change(transaction, "DELETE FROM control_tag WHERE runtime_id = ? AND endpoint = ?", runtime, name);
        Sql.change(transaction, "DELETE FROM control_endpoint WHERE runtime_id = ? AND name = ?", runtime, name);
    }

    private static String fitted(String failure) {
        return Sql.storable(failure, LONGEST_FAILURE);
    }

    private static RuntimeRow runtime(ResultSet row) throws SQLException {
        return new RuntimeRow(row.getString("id"), row.getString("name"), Status.valueOf(row.getString("status")),
                row.getString("failure"), row.getInt("latest"), Sql.time(row, "created_at"), Sql.time(row, "updated_at"));
    }

    private static VersionRow version(ResultSet row) throws SQLException {
        return new VersionRow(row.getString("runtime_id"), row.getInt("number"), json(row.getString("settings")),
                row.getString("digest"), Status.valueOf(row.getString("status")), row.getString("failure"),
                Sql.time(row, "created_at"), Sql.time(row, "updated_at"));
    }

    private static EndpointRow endpoint(ResultSet row) throws SQLException {
        return new EndpointRow(row.getString("runtime_id"), row.getString("name"), Status.valueOf(row.getString("status")),
                row.getString("failure"), row.getString("description"),
                Optional.ofNullable(row.getObject("live", Integer.class)), row.getInt("target"),
                Sql.time(row, "created_at"), Sql.time(row, "updated_at"));
    }

    /** Of a column that holds an object. */
    static JsonObject json(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
